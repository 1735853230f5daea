//! A held payment that nobody decides about is decided before it expires.

use serde_json::json;

use super::shop;

#[tokio::test]
async fn the_shop_is_warned_and_then_it_is_sent_back() {
    let shop = shop(&[]).await;
    let held = shop.held().await;
    // 144 blocks until the deadline: 12 before it there is a warning.
    shop.sandbox.node.mine(144 - 13).unwrap();
    assert_eq!(
        shop.events(&held).await,
        ["invoice.created", "invoice.accepted"]
    );
    shop.sandbox.node.mine(1).unwrap();
    shop.until_event(&held, "invoice.hold_expiring").await;
    assert_eq!(shop.read(&held).await["status"], "accepted");
    shop.sandbox.node.mine(12).unwrap();
    let cancelled = shop.until(&held, "cancelled").await;
    assert_eq!(cancelled["hold"]["decision"], "cancel");
    assert_eq!(
        shop.events(&held).await,
        [
            "invoice.created",
            "invoice.accepted",
            "invoice.hold_expiring",
            "invoice.cancelled"
        ]
    );
    assert_eq!(shop.sandbox.node.invoice_count(), 0);
}

#[tokio::test]
async fn or_it_is_settled_if_the_shop_says_so() {
    let shop = shop(&[
        ("HOLD__ON_DEADLINE", "settle"),
        ("HOLD__WARNING_BLOCKS", "0"),
    ])
    .await;
    let held = shop.held().await;
    assert_eq!(held["hold"]["on_deadline"], "settle");
    shop.sandbox.node.mine(144).unwrap();
    let paid = shop.until(&held, "paid").await;
    assert_eq!(paid["hold"]["decision"], "settle");
}

/// facture was not there in time: the plugin sends it back by itself, and facture learns of it.
#[tokio::test]
async fn what_the_node_sends_back_is_cancelled() {
    let shop = shop(&[]).await;
    let held = shop.held().await;
    shop.sandbox.node.mine(150).unwrap();
    let cancelled = shop.until(&held, "cancelled").await;
    assert_eq!(cancelled["hold"]["held_msat"], json!(null));
}
