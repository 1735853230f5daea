//! What the calls do, one after the other.

use crate::shop::{Hold, Shop, preimage, refused, succeeded};

/// The `code` that `lightning-cli` printed.
fn code(error: &anyhow::Error) -> Option<i64> {
    let text = format!("{error:#}");
    let (_, code) = text.split_once("\"code\": ")?;
    code.split(',').next()?.trim().parse().ok()
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn a_payment_is_held_and_then_taken_or_sent_back() {
    let shop = Shop::start(&[]).await;
    // Taken.
    let (hold, paying) = shop.held("sold").await;
    let held = shop.find("sold").await;
    assert_eq!(held["held_msat"], 100_000);
    assert!(
        held["accepted_at"].is_u64() && held["cltv_expiry"].is_u64(),
        "{held}"
    );
    assert!(
        shop.listed("sold").await.is_null(),
        "lightningd knows nothing"
    );
    let second = shop.pair.payer_cli(&["listpays"]).await.unwrap();
    assert_eq!(second["pays"][0]["status"], "pending");
    let settled = shop.settle(&hold).await.unwrap();
    assert_eq!(settled["status"], "paid");
    succeeded(paying, &hold).await;
    let listed = shop.listed("sold").await;
    assert_eq!(
        (&listed["status"], &listed["bolt11"]),
        (&"paid".into(), &hold.record["bolt11"])
    );
    assert!(
        listed["pay_index"].is_u64() && listed["updated_index"].is_u64(),
        "{listed}"
    );
    let again = shop.settle(&hold).await.unwrap();
    assert_eq!(again, settled);
    let late = shop.cancel(&hold).await.unwrap_err();
    assert_eq!(code(&late), Some(906), "{late}");

    // Sent back; nobody can pay it then.
    let (hold, paying) = shop.held("returned").await;
    let cancelled = shop.cancel(&hold).await.unwrap();
    assert_eq!(cancelled["status"], "cancelled");
    refused(paying).await;
    refused(shop.pay(&hold)).await;
    assert_eq!(shop.cancel(&hold).await.unwrap(), cancelled);
    assert_eq!(code(&shop.settle(&hold).await.unwrap_err()), Some(906));
    assert!(shop.listed("returned").await.is_null());
}

/// What lightningd makes of the plugin: it cannot be stopped by accident, and it says what it can.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn it_is_part_of_the_node() {
    let shop = Shop::start(&[]).await;
    let (hold, paying) = shop.held("a").await;
    let refused = shop
        .pair
        .merchant_cli(&["plugin", "stop", "facture-hold"])
        .await;
    let refused = format!("{:#}", refused.unwrap_err());
    assert!(refused.contains("cannot be managed"), "{refused}");
    let help = shop
        .pair
        .merchant_cli(&["help", "facture-hold-settle"])
        .await
        .unwrap();
    assert_eq!(
        help["help"][0]["command"],
        "facture-hold-settle label preimage"
    );
    for (method, params) in [
        ("create", vec![("label", "b")]),
        ("create", vec![("label", "b"), ("nonsense", "1")]),
        ("settle", vec![("label", "a"), ("preimage", "ab")]),
        ("cancel", vec![]),
        ("list", vec![("status", "paid")]),
        ("wait", vec![("next", "soon")]),
    ] {
        let wrong = shop.call(method, &params).await.unwrap_err();
        assert_eq!(code(&wrong), Some(-32602), "{wrong:#}");
    }
    // The rune that docs/install.md describes.
    let printed = std::process::Command::new(env!("CARGO_BIN_EXE_facture"))
        .args(["rune", "--hold"])
        .output()
        .unwrap();
    let line = String::from_utf8(printed.stdout).unwrap();
    let made = shop.pair.merchant_shell(&line).await.unwrap();
    let made: serde_json::Value = serde_json::from_str(&made).unwrap();
    let rune = format!("rune={}", made["rune"].as_str().unwrap());
    for (method, allowed) in [
        ("facture-hold-create", true),
        ("facture-hold-settle", true),
        ("facture-hold-cancel", true),
        ("facture-hold-list", true),
        ("facture-hold-wait", true),
        ("invoice", true),
        ("pay", false),
    ] {
        let method = format!("method={method}");
        let checked = shop
            .pair
            .merchant_cli(&["-k", "checkrune", &rune, &method])
            .await;
        assert_eq!(checked.is_ok(), allowed, "{method}");
    }
    // What exists already, there or here.
    let ordinary = ["invoice", "5000", "ordinary", "d"];
    shop.pair.merchant_cli(&ordinary).await.unwrap();
    for label in ["a", "ordinary"] {
        let taken = shop.try_hold(label, &[]).await.unwrap_err();
        assert_eq!(code(&taken), Some(900), "{taken:#}");
    }
    let used = shop
        .try_hold("b", &[("preimage", &hold.preimage)])
        .await
        .unwrap_err();
    assert_eq!(code(&used), Some(901), "{used:#}");
    let other = Hold {
        preimage: preimage("other"),
        ..hold
    };
    let wrong = shop.settle(&other).await.unwrap_err();
    assert_eq!(code(&wrong), Some(-32602), "{wrong:#}");
    assert_eq!(shop.find("a").await["status"], "accepted");
    shop.cancel(&other).await.unwrap();
    crate::shop::refused(paying).await;
    let any = shop.hold_with("any", &[("amount_msat", "any")]).await;
    assert!(any.record.get("amount_msat").is_none(), "{}", any.record);
}
