//! An expired order with a price in another currency is renewed at the rate of that time.

use std::time::Duration;

use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use tokio::time::{interval, timeout};

use super::server::{Rates, settings};
use crate::{
    api::Shop,
    contract::path_of,
    harness::{Page, TIMEOUT},
};

async fn renew(shop: &Shop, invoice: &Value) -> (StatusCode, Value) {
    let path = format!("{}/renew", path_of(invoice));
    let request = shop.server.request(Method::POST, &path);
    let request = request.header(header::ACCEPT, "application/json");
    let page = Page::read(request.send().await).await;
    (page.status, serde_json::from_str(&page.text).expect("JSON"))
}

async fn expire(shop: &Shop, invoice: &Value) {
    shop.sandbox.node.advance(Duration::from_secs(1000));
    let expired = |answer: &Value| answer["status"] == "expired";
    shop.server.json_until(&path_of(invoice), expired).await;
}

#[tokio::test]
async fn a_renewal_has_the_rate_of_its_time() {
    let rates = Rates::start(2).await;
    let sources = rates.configured(&[]);
    let settings = settings(&sources, &[("PRICING__MAX_AGE_SECONDS", "1")]);
    let shop = Shop::with(&settings).await;
    rates.set_all("100000");
    let body = json!({"currency": "EUR", "amount": "10.00", "order_id": "7"});
    let first = shop.create(&body).await;
    assert_eq!(first["amount_msat"], 10_000_000);
    expire(&shop, &first).await;
    rates.set_all("50000");
    known(&shop, "50000").await;
    let (status, renewed) = renew(&shop, &first).await;
    assert_eq!(status, StatusCode::OK, "{renewed}");
    assert_eq!(renewed["amount_msat"], 20_000_000);
    assert_eq!(
        (
            &renewed["amount"],
            &renewed["currency"],
            &renewed["rate"]["price"]
        ),
        (&json!("10.00"), &json!("EUR"), &json!("50000"))
    );
    // Once, whatever the rate is later.
    rates.set_all("25000");
    let (_, again) = renew(&shop, &first).await;
    assert_eq!(again["label"], renewed["label"]);
    assert_eq!(again["amount_msat"], 20_000_000);
}

/// A rate is shared for a second: this is known once another invoice has it.
async fn known(shop: &Shop, price: &str) {
    let mut ticks = interval(Duration::from_millis(100));
    let made = async {
        loop {
            ticks.tick().await;
            let made = shop
                .create(&json!({"currency": "EUR", "amount": "1"}))
                .await;
            if made["rate"]["price"] == price {
                break;
            }
        }
    };
    timeout(TIMEOUT, made).await.expect("a new rate");
}
