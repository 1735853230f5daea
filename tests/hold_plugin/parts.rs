//! Payments in parts, by hand: what the payer's wallet would never send, too.

use serde_json::{Value, json};

use crate::shop::{Hold, Shop, succeeded};

/// A payment of the payer's, part by part.
struct Parts<'a> {
    shop: &'a Shop,
    invoice: Value,
    channels: Vec<Value>,
}

/// One part.
struct Part {
    channel: usize,
    id: u32,
    /// Which attempt to pay it belongs to.
    group: u32,
    msat: u64,
    total_msat: u64,
}

impl<'a> Parts<'a> {
    async fn of(shop: &'a Shop, hold: &Hold) -> Self {
        let payer = &shop.pair;
        let invoice = payer.payer_cli(&["decode", hold.bolt11()]).await.unwrap();
        let listed = payer.payer_cli(&["listpeerchannels"]).await.unwrap();
        let channels = listed["channels"].as_array().unwrap().clone();
        Self {
            shop,
            invoice,
            channels,
        }
    }

    async fn send(&self, part: Part) {
        let secret = self.invoice["payment_secret"].as_str().unwrap();
        self.send_with(part, secret).await;
    }

    async fn send_with(&self, part: Part, secret: &str) {
        let delay = self.invoice["min_final_cltv_expiry"].as_u64().unwrap() + 2;
        let route = json!([{
            "id": self.invoice["payee"],
            "channel": self.channels[part.channel]["short_channel_id"],
            "amount_msat": part.msat,
            "delay": delay,
        }]);
        let hash = self.invoice["payment_hash"].as_str().unwrap();
        let args = [
            format!("route={route}"),
            format!("payment_hash={hash}"),
            format!("payment_secret={secret}"),
            format!("amount_msat={}", part.total_msat),
            format!("partid={}", part.id),
            format!("groupid={}", part.group),
        ];
        let mut all = vec!["-k", "sendpay"];
        all.extend(args.iter().map(String::as_str));
        self.shop.pair.payer_cli(&all).await.expect("it is sent");
    }

    /// How the part ends: the preimage, or the name of the failure.
    async fn end(&self, id: u32, group: u32) -> Result<String, String> {
        let hash = self.invoice["payment_hash"].as_str().unwrap();
        let hash = format!("payment_hash={hash}");
        let (id, group) = (format!("partid={id}"), format!("groupid={group}"));
        let ended = self
            .shop
            .pair
            .payer_cli(&["-k", "waitsendpay", &hash, &id, &group, "timeout=60"])
            .await;
        match ended {
            Ok(paid) => Ok(paid["payment_preimage"].as_str().unwrap().to_owned()),
            Err(error) => {
                let error = format!("{error:#}");
                let (_, name) = error.split_once("\"failcodename\": \"").expect("a failure");
                Err(name.split('"').next().unwrap().to_owned())
            }
        }
    }
}

fn part(channel: usize, id: u32, msat: u64) -> Part {
    Part {
        channel,
        id,
        group: 1,
        msat,
        total_msat: 100_000,
    }
}

const UNKNOWN: &str = "WIRE_INCORRECT_OR_UNKNOWN_PAYMENT_DETAILS";

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn parts_over_two_channels_end_together() {
    let shop = Shop::start(&["mpp-timeout=3"]).await;
    shop.pair.open_another_channel().await.unwrap();

    // Two parts, taken.
    let hold = shop.hold("two-parts").await;
    let parts = Parts::of(&shop, &hold).await;
    parts.send(part(0, 1, 40_000)).await;
    parts.send(part(1, 2, 60_000)).await;
    let held = shop.until("two-parts", "accepted").await;
    assert_eq!(held["held_msat"], 100_000);
    assert_eq!(shop.settle(&hold).await.unwrap()["status"], "paid");
    for id in [1, 2] {
        assert_eq!(parts.end(id, 1).await, Ok(hold.preimage.clone()));
    }
    assert_eq!(
        shop.listed("two-parts").await["amount_received_msat"],
        100_000
    );

    // Two parts, sent back.
    let hold = shop.hold("two-back").await;
    let parts = Parts::of(&shop, &hold).await;
    parts.send(part(0, 1, 40_000)).await;
    parts.send(part(1, 2, 60_000)).await;
    shop.until("two-back", "accepted").await;
    shop.cancel(&hold).await.unwrap();
    for id in [1, 2] {
        assert_eq!(parts.end(id, 1).await, Err(UNKNOWN.to_owned()));
    }

    // One part only; then the whole.
    let hold = shop.hold("one-part").await;
    let parts = Parts::of(&shop, &hold).await;
    parts.send(part(0, 1, 40_000)).await;
    assert_eq!(parts.end(1, 1).await, Err("WIRE_MPP_TIMEOUT".to_owned()));
    assert_eq!(shop.find("one-part").await["status"], "unpaid");
    let paying = shop.pay(&hold);
    shop.until("one-part", "accepted").await;
    shop.settle(&hold).await.unwrap();
    succeeded(paying, &hold).await;
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn what_does_not_fit_is_refused_and_the_right_payment_is_held() {
    let shop = Shop::start(&["mpp-timeout=3"]).await;
    let second = shop.pair.another_payer().await.unwrap();
    let hold = shop.hold("picky").await;
    let parts = Parts::of(&shop, &hold).await;
    let refused_part = async |part: Part, secret: &str| {
        let (id, group) = (part.id, part.group);
        parts.send_with(part, secret).await;
        assert_eq!(
            parts.end(id, group).await,
            Err(UNKNOWN.to_owned()),
            "{group}"
        );
    };
    let secret = parts.invoice["payment_secret"].as_str().unwrap();
    refused_part(part(0, 1, 100_000), &"ab".repeat(32)).await;
    for (group, total_msat) in [(2, 99_999), (3, 200_002)] {
        let wrong = Part {
            group,
            total_msat,
            ..part(0, 1, 50_000)
        };
        refused_part(wrong, secret).await;
    }
    assert_eq!(shop.find("picky").await["status"], "unpaid");

    // A second payer is refused while the payment is held, and the first one's stays.
    let paying = shop.pay(&hold);
    shop.until("picky", "accepted").await;
    let refused = second.ask(&["xpay", hold.bolt11()]).await.unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("incorrect_or_unknown_payment_details"),
        "{refused}"
    );
    assert_eq!(shop.find("picky").await["held_msat"], 100_000);
    shop.settle(&hold).await.unwrap();
    succeeded(paying, &hold).await;
    let refused = second.ask(&["xpay", hold.bolt11()]).await.unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("incorrect_or_unknown_payment_details"),
        "{refused}"
    );
}
