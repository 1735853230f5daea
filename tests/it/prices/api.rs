//! `currency` and `amount` in `/api/v1`: what is refused, what the same request gets twice, on LND too.

use facture::web::Mode;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::server::{Rates, Says, settings};
use crate::{
    api::{Shop, TOKEN, config_with_token},
    harness::{Page, Server},
    lnd::world::Lnd,
};

#[tokio::test]
async fn a_bad_price_names_its_field_and_reaches_nobody() {
    let shop = Shop::open().await;
    for (body, field, code) in [
        (json!({"amount": "1"}), "currency", "currency_missing"),
        (json!({"currency": "EUR"}), "amount", "amount_missing"),
        (
            json!({"currency": "XYZ", "amount": "1"}),
            "currency",
            "currency_unknown",
        ),
        (
            json!({"currency": "XAU", "amount": "1"}),
            "currency",
            "currency_unknown",
        ),
        (
            json!({"currency": "", "amount": "1"}),
            "currency",
            "currency_unknown",
        ),
        (
            json!({"currency": "EUR\u{0}", "amount": "1"}),
            "currency",
            "currency_unknown",
        ),
        (
            json!({"currency": "EUR", "amount": ""}),
            "amount",
            "amount_invalid",
        ),
        (
            json!({"currency": "EUR", "amount": "0.00"}),
            "amount",
            "amount_invalid",
        ),
        (
            json!({"currency": "EUR", "amount": "-1"}),
            "amount",
            "amount_invalid",
        ),
        (
            json!({"currency": "EUR", "amount": "1,50"}),
            "amount",
            "amount_invalid",
        ),
        (
            json!({"currency": "EUR", "amount": "1e2"}),
            "amount",
            "amount_invalid",
        ),
        (
            json!({"currency": "EUR", "amount": "1.505"}),
            "amount",
            "amount_invalid",
        ),
        (
            json!({"currency": "JPY", "amount": "1.5"}),
            "amount",
            "amount_invalid",
        ),
        (
            json!({"currency": "EUR", "amount": "9".repeat(40)}),
            "amount",
            "amount_invalid",
        ),
        (
            json!({"currency": "EUR", "amount": "9007199254740992"}),
            "amount",
            "amount_too_large",
        ),
        (
            json!({"currency": "BTC", "amount": "20999999"}),
            "amount",
            "amount_too_large",
        ),
        (
            json!({"currency": "EUR", "amount": "1", "amount_sat": 1}),
            "currency",
            "amount_ambiguous",
        ),
        (
            json!({"amount": "1", "amount_msat": "any"}),
            "amount",
            "amount_ambiguous",
        ),
    ] {
        let (status, answer) = shop.post("/api/v1/invoices", &body).await;
        let error = &answer["error"];
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body} {answer}");
        assert_eq!(
            (&error["field"], &error["code"]),
            (&json!(field), &json!(code)),
            "{body}"
        );
    }
    for amount in [json!(1.5), json!(15), Value::Null, json!({})] {
        let body = json!({"currency": "EUR", "amount": amount});
        let (status, answer) = shop.post("/api/v1/invoices", &body).await;
        assert!(status.is_client_error(), "{body} {answer}");
    }
    assert_eq!(shop.sandbox.node.calls("invoice"), 0);
}

#[tokio::test]
async fn a_price_in_bitcoin_needs_no_rate() {
    let shop = Shop::open().await;
    let made = shop
        .create(&json!({"currency": "sat", "amount": "21"}))
        .await;
    assert_eq!(
        (&made["amount_msat"], &made["rate"]),
        (&json!(21_000), &Value::Null)
    );
    assert_eq!(
        (&made["currency"], &made["amount"]),
        (&json!("SAT"), &json!("21"))
    );
    assert_eq!(shop.sandbox.node.calls("listcurrencyrates"), 0);
    let plain = shop.create(&json!({"amount_sat": 21})).await;
    assert_eq!(
        (&plain["currency"], &plain["rate"]),
        (&Value::Null, &Value::Null)
    );
}

#[tokio::test]
async fn it_expires_by_a_key_of_its_own() {
    let shop = Shop::with(&[("PRICING__EXPIRY_SECONDS", "120")]).await;
    let lasts = |made: &Value| {
        made["expires_at"].as_i64().expect("a time") - made["created_at"].as_i64().expect("a time")
    };
    let mut price = json!({"currency": "EUR", "amount": "10"});
    assert_eq!(lasts(&shop.create(&price).await), 120);
    price["expiry"] = json!(600);
    assert_eq!(lasts(&shop.create(&price).await), 600);
    let bitcoin = shop
        .create(&json!({"currency": "SAT", "amount": "10"}))
        .await;
    assert_eq!(
        lasts(&bitcoin),
        lasts(&shop.create(&json!({"amount_sat": 10})).await)
    );
}

#[tokio::test]
async fn the_same_request_keeps_its_price() {
    let rates = Rates::start(2).await;
    let sources = rates.configured(&[]);
    // Every request is asked for anew.
    let settings = settings(&sources, &[("PRICING__MAX_AGE_SECONDS", "1")]);
    let shop = Shop::with(&settings).await;
    let send = async |key: &str, amount: &str| {
        let request = shop.call(Method::POST, "/api/v1/invoices");
        let body = json!({"currency": "EUR", "amount": amount});
        let request = request.header("idempotency-key", key).json(&body);
        let page = Page::read(request.send().await).await;
        let answer: Value = serde_json::from_str(&page.text).expect("JSON");
        (page.status, answer)
    };
    rates.set_all("100000");
    let (status, first) = send("order-7", "10.00").await;
    assert_eq!(
        (status, &first["amount_msat"]),
        (StatusCode::CREATED, &json!(10_000_000))
    );
    for source in 0..2 {
        rates.set(source, Says::Status(503));
    }
    // It needs no rate, and is the same invoice; another price under the key is not.
    assert_eq!(send("order-7", "10.00").await, (StatusCode::CREATED, first));
    assert_eq!(shop.sandbox.node.invoice_count(), 1);
}

#[tokio::test]
async fn lnd_has_prices_by_public_sources() {
    let lnd = Lnd::start().await;
    let rates = Rates::start(2).await;
    rates.set_all("100000");
    let sources = rates.configured(&[]);
    let own = lnd.settings();
    let own: Vec<_> = own.iter().map(|(key, value)| (&**key, &**value)).collect();
    let mut prices = settings(&sources, &[("PRICING__ALLOW_PRIVATE", "true")]);
    prices.extend(own.iter().copied());
    let server = Server::start(config_with_token(&prices), Mode::Live).await;
    let post = async |server: &Server| {
        let request = server.request(Method::POST, "/api/v1/invoices");
        let body = json!({"currency": "EUR", "amount": "10.00"});
        let page = Page::read(request.bearer_auth(TOKEN).json(&body).send().await).await;
        let answer: Value = serde_json::from_str(&page.text).expect("JSON");
        (page.status, answer)
    };
    let (status, made) = post(&server).await;
    assert_eq!(
        (status, &made["amount_msat"]),
        (StatusCode::CREATED, &json!(10_000_000))
    );
    // Its own it has not.
    let server = Server::start(config_with_token(&own), Mode::Live).await;
    let (status, refused) = post(&server).await;
    assert_eq!(
        (status, &refused["error"]["code"]),
        (StatusCode::NOT_IMPLEMENTED, &json!("rates_unavailable"))
    );
}
