//! What the calls do, one after the other.

use crate::shop::{Shop, refused, succeeded};

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
