//! Time, blocks, many payments at once, and a disk that fails.

use futures_util::future::join_all;
use serde_json::json;

use crate::shop::{Shop, refused, succeeded, until};

/// R18: left alone, the payer's node would close the channel. The payment is sent back before.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn nobody_decides_and_the_channel_stays() {
    let shop = Shop::start(&[]).await;
    let (_, paying) = shop.held("forgotten").await;
    let held = shop.find("forgotten").await;
    let info = shop.pair.merchant_cli(&["getinfo"]).await.unwrap();
    let left = held["cltv_expiry"].as_u64().unwrap() - info["blockheight"].as_u64().unwrap();
    shop.pair
        .mine(u32::try_from(left - 19).unwrap())
        .await
        .unwrap();
    assert_eq!(shop.find("forgotten").await["status"], "accepted");
    shop.pair.mine(1).await.unwrap();
    shop.until("forgotten", "cancelled").await;
    refused(paying).await;
    // Long after the payment would have expired.
    shop.pair.mine(40).await.unwrap();
    let channels = shop.pair.payer_cli(&["listpeerchannels"]).await.unwrap();
    assert_eq!(channels["channels"][0]["state"], "CHANNELD_NORMAL");
    assert_eq!(channels["channels"][0]["htlcs"], json!([]));
}

/// A channel that both sides close waits for what is held in it: both decisions are carried out, then it closes.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn what_is_held_in_a_channel_that_closes_can_be_decided() {
    let shop = Shop::start(&[]).await;
    let (sold, paying) = shop.held("sold").await;
    let (back, paying_back) = shop.held("back").await;
    let channel = async || {
        let listed = shop.pair.merchant_cli(&["listpeerchannels"]).await.unwrap();
        listed["channels"][0].clone()
    };
    let peer = channel().await["peer_id"].as_str().unwrap().to_owned();
    // However long that takes: it is never closed by one side alone.
    let close = ["close", &peer, "0"];
    let decide = async {
        until("a channel that closes", async || {
            (channel().await["state"] == "CHANNELD_SHUTTING_DOWN").then_some(())
        })
        .await;
        assert_eq!(shop.find("sold").await["status"], "accepted");
        assert_eq!(shop.settle(&sold).await.unwrap()["status"], "paid");
        assert_eq!(shop.cancel(&back).await.unwrap()["status"], "cancelled");
        succeeded(paying, &sold).await;
        refused(paying_back).await;
    };
    let (closed, ()) = tokio::join!(shop.pair.merchant_cli(&close), decide);
    assert_eq!(closed.unwrap()["type"], "mutual");
    assert_eq!(shop.listed("sold").await["status"], "paid");
}

/// R21, and an invoice that nobody pays in time.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn what_is_held_does_not_expire_with_its_invoice() {
    let shop = Shop::start(&[]).await;
    let unpaid = shop.hold_with("unpaid", &[("expiry", "3")]).await;
    let hold = shop.hold_with("paid", &[("expiry", "3")]).await;
    let paying = shop.pay(&hold);
    shop.until("paid", "accepted").await;
    shop.until("unpaid", "expired").await;
    assert_eq!(shop.find("paid").await["status"], "accepted");
    assert_eq!(shop.settle(&hold).await.unwrap()["status"], "paid");
    succeeded(paying, &hold).await;
    assert_eq!(shop.listed("paid").await["status"], "paid");
    let late = shop.cancel(&unpaid).await.unwrap_err();
    assert!(format!("{late:#}").contains("expired"), "{late}");
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn many_payments_are_held_at_once() {
    let mut shop = Shop::start(&[]).await;
    let labels: Vec<_> = (0..30).map(|number| format!("many-{number}")).collect();
    let held: Vec<_> = join_all(labels.iter().map(|label| shop.held(label))).await;
    // Meanwhile an ordinary payment goes through.
    let ordinary = ["invoice", "5000", "ordinary", "d"];
    let ordinary = shop.pair.merchant_cli(&ordinary).await.unwrap();
    shop.pair
        .pay(ordinary["bolt11"].as_str().unwrap())
        .await
        .unwrap();
    shop.restart_killed().await;
    let (sold, back): (Vec<_>, Vec<_>) = held
        .into_iter()
        .enumerate()
        .partition(|(number, _)| number % 2 == 0);
    let (settled, cancelled) = tokio::join!(
        join_all(sold.iter().map(|(_, (hold, _))| shop.settle(hold))),
        join_all(back.iter().map(|(_, (hold, _))| shop.cancel(hold))),
    );
    for settled in settled {
        assert_eq!(settled.unwrap()["status"], "paid");
    }
    for cancelled in cancelled {
        assert_eq!(cancelled.unwrap()["status"], "cancelled");
    }
    for (_, (hold, paying)) in sold {
        succeeded(paying, &hold).await;
    }
    for (_, (_, paying)) in back {
        refused(paying).await;
    }
}

/// What cannot be written is not held, and not decided; what is held stays, and ordinary payments go through.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn a_disk_that_is_full_or_does_not_answer() {
    let shop = Shop::start(&[]).await;
    for disk in ["full", "hangs"] {
        let (hold, paying) = shop.held(&format!("{disk}-held")).await;
        let (other, paying_other) = shop.held(&format!("{disk}-other")).await;
        let new = shop.hold(&format!("{disk}-new")).await;
        shop.fault(&format!("disk {disk}"));
        for refused in [
            shop.settle(&hold).await.map(drop),
            shop.cancel(&hold).await.map(drop),
            shop.try_hold(&format!("{disk}-later"), &[]).await.map(drop),
        ] {
            let refused = format!("{:#}", refused.unwrap_err());
            assert!(refused.contains("journal cannot be written"), "{refused}");
        }
        // The payer may try another way; there is none.
        let failed = shop.pay(&new).ended().await.unwrap();
        assert!(failed["code"].is_i64(), "{failed}");
        assert_eq!(shop.find(&new.label).await["status"], "unpaid");
        assert_eq!(shop.find(&hold.label).await["status"], "accepted");
        let label = format!("{disk}-ordinary");
        let ordinary = ["invoice", "5000", &label, "d"];
        let ordinary = shop.pair.merchant_cli(&ordinary).await.unwrap();
        shop.pair
            .pay(ordinary["bolt11"].as_str().unwrap())
            .await
            .unwrap();
        shop.fault("");
        assert_eq!(shop.settle(&hold).await.unwrap()["status"], "paid");
        succeeded(paying, &hold).await;
        shop.cancel(&other).await.unwrap();
        refused(paying_other).await;
        let paying = shop.pay(&new);
        shop.until(&new.label, "accepted").await;
        shop.settle(&new).await.unwrap();
        succeeded(paying, &new).await;
    }
}

/// The journal is damaged: the node runs, the calls say why they do not, and what was held goes back.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn a_damaged_journal() {
    let mut shop = Shop::start(&[]).await;
    let (hold, paying) = shop.held("a").await;
    shop.pair.stop_merchant().await.unwrap();
    for file in std::fs::read_dir(shop.journal()).unwrap().flatten() {
        std::fs::write(file.path(), "this is not a database ".repeat(100)).unwrap();
    }
    shop.pair.start_merchant().await.unwrap();
    refused(paying).await;
    let broken = format!("{:#}", shop.settle(&hold).await.unwrap_err());
    assert!(broken.contains("journal"), "{broken}");
    let ordinary = shop
        .pair
        .merchant_cli(&["invoice", "5000", "ordinary", "d"])
        .await
        .unwrap();
    shop.pair
        .pay(ordinary["bolt11"].as_str().unwrap())
        .await
        .unwrap();
    let line = shop
        .logged("no payments are held until that is repaired")
        .await;
    assert!(line.contains("facture-hold"), "{line}");
}
