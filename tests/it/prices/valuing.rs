//! What payments were worth: filled in after they arrived, or later, and then marked.

use serde_json::{Value, json};
use tokio::time::{Duration, interval, timeout};

use super::server::{Rates, settings};
use crate::{api::Shop, harness::TIMEOUT};

async fn valued(shop: &Shop, made: &Value) -> Value {
    let path = format!(
        "/api/v1/invoices/{}",
        made["label"].as_str().expect("a label")
    );
    let mut ticks = interval(Duration::from_millis(50));
    let found = async {
        loop {
            ticks.tick().await;
            let (_, found) = shop.get(&path).await;
            if !found["valuation"].is_null() {
                break found;
            }
        }
    };
    timeout(TIMEOUT, found).await.expect("its worth")
}

fn pay(shop: &Shop, made: &Value, msat: Option<u64>) {
    let bolt11 = made["bolt11"].as_str().expect("a BOLT 11 string");
    shop.sandbox.node.pay(bolt11, msat).expect("paid");
}

#[tokio::test]
async fn a_payment_is_worth_what_arrived_at_the_rate_of_its_time() {
    let rates = Rates::start(2).await;
    let sources = rates.configured(&[]);
    let shop = Shop::with(&settings(&sources, &[])).await;
    rates.set_all("100000");
    let made = shop
        .create(&json!({"currency": "EUR", "amount": "10.00"}))
        .await;
    assert_eq!(
        (&made["valuation"], &made["overpaid_msat"]),
        (&Value::Null, &json!(0))
    );
    pay(&shop, &made, None);
    let paid = valued(&shop, &made).await;
    let valuation = &paid["valuation"];
    assert_eq!(
        (
            &valuation["currency"],
            &valuation["amount"],
            &valuation["rate"]["price"],
            &valuation["filled_in_at"]
        ),
        (
            &json!("EUR"),
            &json!("10.00"),
            &json!("100000"),
            &Value::Null
        )
    );
    assert_eq!(paid["overpaid_msat"], 0);
    // Without a price in another currency it is worth bitcoin.
    let plain = shop.create(&json!({"amount_sat": 21})).await;
    pay(&shop, &plain, None);
    let other = shop
        .create(&json!({"currency": "EUR", "amount": "1.00"}))
        .await;
    pay(&shop, &other, None);
    valued(&shop, &other).await;
    let path = format!(
        "/api/v1/invoices/{}",
        plain["label"].as_str().expect("a label")
    );
    let (_, plain) = shop.get(&path).await;
    assert_eq!(
        (&plain["status"], &plain["valuation"]),
        (&json!("paid"), &Value::Null)
    );
    // The buyer is not told.
    let public = format!(
        "/check_invoice/{}",
        paid["label"].as_str().expect("a label")
    );
    let public = shop
        .server
        .json_until(&public, |answer| answer["status"] == "paid")
        .await;
    assert!(public.get("valuation").is_none(), "{public}");
}

#[tokio::test]
async fn a_rate_of_another_time_is_marked() {
    let shop = Shop::open().await;
    let made = shop
        .create(&json!({"currency": "EUR", "amount": "10.00", "expiry": 7200}))
        .await;
    // The node says that it was paid in ten minutes.
    shop.sandbox.node.advance(Duration::from_secs(600));
    pay(&shop, &made, None);
    let paid = valued(&shop, &made).await;
    assert!(paid["valuation"]["filled_in_at"].is_i64(), "{paid}");
    assert_eq!(shop.sandbox.node.calls("currencyconvert"), 0);
}
