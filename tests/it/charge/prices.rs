//! For how long a price in another currency holds.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Shop, path};
use crate::harness::Page;

fn lasts(made: &Value) -> i64 {
    let time = |name: &str| made[name].as_i64().expect("a time");
    time("expires_at") - time("created_at")
}

#[tokio::test]
async fn a_price_holds_for_some_minutes_when_nobody_says_for_how_long() {
    let shop = Shop::open().await;
    let (minutes, week) = (15 * 60, 7 * 24 * 3600);
    for (body, seconds) in [
        (json!({"currency": "EUR", "amount": "9.90"}), minutes),
        (
            json!({"currency": "EUR", "amount": "9.90", "msatoshi": 5000}),
            minutes,
        ),
        (
            json!({"currency": "EUR", "amount": "9.90", "expiry": 3600}),
            3600,
        ),
        (
            json!({"currency": "EUR", "amount": "9.90", "expiry": "2h"}),
            7200,
        ),
        (json!({"currency": "BTC", "amount": "0.0001"}), week),
        (json!({"msatoshi": 5000}), week),
        (json!({}), week),
    ] {
        assert_eq!(lasts(&shop.create(&body).await), seconds, "{body}");
    }
}

#[tokio::test]
async fn only_an_invoice_whose_price_set_its_amount_is_renewed_at_the_rate_of_now() {
    let shop = Shop::open().await;
    let renew = async |made: &Value| {
        let status_path = format!("/check_invoice/{}", made["id"].as_str().expect("an id"));
        shop.expire(made).await;
        let page = shop.server.open(&status_path).await;
        let request = shop
            .server
            .request(Method::POST, &format!("{status_path}/renew"));
        let answer = Page::read(request.send().await).await;
        (page.texts("form[action$=renew]").len(), answer)
    };
    // The shop set the amount itself: no rate leads from the price to it.
    let priced = shop
        .create(&json!({"currency": "EUR", "amount": "9.90", "msatoshi": 5000}))
        .await;
    let (forms, refused) = renew(&priced).await;
    assert_eq!(
        (forms, refused.status),
        (0, StatusCode::GONE),
        "{}",
        refused.text
    );
    assert_eq!(refused.text_of("h1"), "This invoice can’t be renewed");
    assert_eq!(shop.sandbox.node.invoice_count(), 1);

    let priced = shop
        .create(&json!({"currency": "EUR", "amount": "9.90"}))
        .await;
    let (forms, renewed) = renew(&priced).await;
    assert_eq!((forms, renewed.status), (1, StatusCode::SEE_OTHER));

    // One without is, too, and the shop sees it.
    let plain = shop
        .create(&json!({"msatoshi": 5000, "expiry": 600, "metadata": {"order": 7}}))
        .await;
    assert!(shop.invoice(&plain).await.get("renewed_by").is_none());
    let (forms, renewed) = renew(&plain).await;
    assert_eq!((forms, renewed.status), (1, StatusCode::SEE_OTHER));
    let old = shop.invoice(&plain).await;
    let new = shop.invoice(&json!({"id": old["renewed_by"]})).await;
    assert_eq!(
        (&new["renewal_of"], &new["metadata"]),
        (&plain["id"], &plain["metadata"])
    );
    // To a shop that knows Lightning Charge only, nothing else changes.
    let gone = shop.get(&path(&plain, "/wait")).await;
    assert_eq!(gone.status, StatusCode::GONE);
}

#[tokio::test]
async fn numbers_are_read_as_javascript_reads_them() {
    let shop = Shop::open().await;
    for (text, msatoshi, seconds) in [
        (r#"{"msatoshi": 5000.0, "expiry": 600.0}"#, "5000", 600),
        (r#"{"msatoshi": 5e3, "expiry": 6e2}"#, "5000", 600),
        (r#"{"msatoshi": "5000", "expiry": "10m"}"#, "5000", 600),
    ] {
        let request = shop.call(Method::POST, "/invoice");
        let request = request.header("content-type", "application/json");
        let made = Page::read(request.body(text).send().await).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let made: Value = serde_json::from_str(&made.text).expect("JSON");
        assert_eq!(
            (&made["msatoshi"], lasts(&made)),
            (&json!(msatoshi), seconds),
            "{text}"
        );
    }
    for text in [
        r#"{"msatoshi": 5000.5}"#,
        r#"{"msatoshi": "5e3"}"#,
        r#"{"msatoshi": -5e3}"#,
    ] {
        let request = shop.call(Method::POST, "/invoice");
        let request = request.header("content-type", "application/json");
        let refused = Page::read(request.body(text).send().await).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{text}");
    }
}
