//! The contract, and the list of calls.

use facture_node::lnd;
use reqwest::StatusCode;
use serde_json::json;

use super::{
    holds::{Shop, plain},
    world::Lnd,
};
use crate::contract;

#[tokio::test]
async fn the_contract_holds_and_what_is_listed_is_called_and_nothing_else() {
    let lnd = Lnd::start().await;
    contract::all(&lnd).await;
    let shop = Shop::on(lnd).await;
    hold_calls(&shop).await;
    let mut listed = lnd::Method::ALL.map(lnd::Method::name);
    listed.sort_unstable();
    let mut called = shop.lnd.node.called();
    called.sort_unstable();
    assert_eq!(called, listed);
}

/// What hold invoices need in addition.
async fn hold_calls(shop: &Shop) {
    for decision in ["settle", "cancel"] {
        let invoice = shop.hold(plain()).await;
        let paying = shop.pay(&invoice);
        shop.until_event(&invoice, "invoice.accepted").await;
        let (status, answer) = shop.post(&invoice, decision, json!({})).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        let paid = paying.await.expect("no panic");
        assert_eq!(paid.is_ok(), decision == "settle", "{paid:?}");
    }
}
