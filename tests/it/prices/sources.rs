//! A rate is the median of sources that agree; whatever is wrong with them, there is a clear answer and no invoice.

use facture_sandbox::Calls;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::server::{Rates, Says, price_of, settings};
use crate::{
    api::{Shop, TOKEN, config_with_token},
    harness::{Page, Server},
};

fn ten_euro() -> Value {
    json!({"currency": "EUR", "amount": "10.00"})
}

async fn refused(shop: &Shop) -> (StatusCode, String, String) {
    let request = shop
        .call(Method::POST, "/api/v1/invoices")
        .json(&ten_euro());
    let page = Page::read(request.send().await).await;
    let answer: Value = serde_json::from_str(&page.text).expect("JSON");
    let code = answer["error"]["code"].as_str().unwrap_or_default();
    (
        page.status,
        code.to_owned(),
        page.header("retry-after").to_owned(),
    )
}

#[tokio::test]
async fn the_nodes_sources_are_a_quorum() {
    let shop = Shop::open().await;
    let made = shop
        .create(&json!({"currency": "eur", "amount": "10.00"}))
        .await;
    // A bitcoin is 88,050.25 EUR.
    assert_eq!(made["amount_msat"], 11_357_152);
    assert_eq!(
        (
            &made["currency"],
            &made["amount"],
            &made["rate"]["price"],
            &made["rate"]["source"]
        ),
        (
            &json!("EUR"),
            &json!("10.00"),
            &json!("88050.25"),
            &json!("node:loca,node:locb")
        )
    );
    assert!(made["rate"]["at"].is_i64(), "{made}");
    let path = format!(
        "/api/v1/invoices/{}",
        made["label"].as_str().expect("a label")
    );
    let (_, found) = shop.get(&path).await;
    assert_eq!(found["rate"], made["rate"]);
    // Many in a short time cost the sources one question.
    let asked = shop.sandbox.node.calls("listcurrencyrates");
    shop.create(&ten_euro()).await;
    assert_eq!(shop.sandbox.node.calls("listcurrencyrates"), asked);
    assert_eq!(shop.sandbox.node.calls("currencyconvert"), 0);
}

#[tokio::test]
async fn public_sources_and_the_nodes_make_one_median() {
    let rates = Rates::start(3).await;
    let sources = rates.configured(&["node"]);
    let shop = Shop::with(&settings(&sources, &[])).await;
    rates.set_all("88000");
    rates.set(2, price_of("90000"));
    let made = shop.create(&ten_euro()).await;
    // 88000 (node), 88000, 88000, 88100.50 (node), 90000.
    assert_eq!(made["rate"]["price"], "88000");
    let source = made["rate"]["source"].as_str().expect("a list");
    assert_eq!(source.split(',').count(), 5, "{source}");
    assert!(source.contains(&rates.name(1)), "{source}");
    assert_eq!(rates.asked(0), ["/EUR"]);
}

#[tokio::test]
async fn whatever_is_wrong_with_sources_nothing_is_made() {
    let rates = Rates::start(2).await;
    let sources = rates.configured(&[]);
    let settings = settings(&sources, &[("PRICING__DEADLINE_SECONDS", "1")]);
    let shop = Shop::with(&settings).await;
    let stale = r#"{"data":{"amount":"88000"}}"#.to_owned();
    for wrong in [
        Says::Status(500),
        Says::Status(429),
        Says::Status(302),
        Says::Document("<html>".to_owned()),
        Says::Document(r#"{"data":{}}"#.to_owned()),
        Says::Document(r#"{"data":{"amount":null}}"#.to_owned()),
        Says::Document(r#"{"data":{"amount":"0.00"}}"#.to_owned()),
        Says::Document(r#"{"data":{"amount":"-88000"}}"#.to_owned()),
        Says::Document(r#"{"data":{"amount":1e300}}"#.to_owned()),
        Says::Cached(stale, 301),
        Says::Huge,
        Says::Silence,
        // Too far from the other.
        price_of("80000"),
        price_of("92401"),
    ] {
        rates.set(0, price_of("88000"));
        rates.set(1, wrong.clone());
        let (status, code, retry) = refused(&shop).await;
        assert_eq!(
            (status, &*code, &*retry),
            (StatusCode::SERVICE_UNAVAILABLE, "no_rate", "60"),
            "{wrong:?}"
        );
    }
    assert_eq!(shop.sandbox.node.calls("invoice"), 0);
    rates.set(1, price_of("88100"));
    let made = shop.create(&ten_euro()).await;
    assert_eq!(made["rate"]["price"], "88050");
}

#[tokio::test]
async fn one_source_is_enough_where_the_shop_says_so() {
    let rates = Rates::start(1).await;
    let sources = rates.configured(&[]);
    let settings = settings(&sources, &[("PRICING__MINIMUM_SOURCES", "1")]);
    let shop = Shop::with(&settings).await;
    rates.set_all("100000");
    let made = shop.create(&ten_euro()).await;
    assert_eq!(made["amount_msat"], 10_000_000);
    assert_eq!(made["rate"]["source"], rates.name(0));
}

#[tokio::test]
async fn a_node_without_the_plugin_has_no_rates() {
    let shop = Shop::open().await;
    shop.sandbox
        .node
        .faults()
        .lack(Calls::of("listcurrencyrates"));
    let (status, code, _) = refused(&shop).await;
    assert_eq!(
        (status, &*code),
        (StatusCode::NOT_IMPLEMENTED, "rates_unavailable")
    );
}

#[tokio::test]
async fn private_addresses_are_not_asked() {
    let rates = Rates::start(2).await;
    rates.set_all("88000");
    let sources = rates.configured(&[]);
    let sandbox = crate::world::Sandbox::start().await;
    let mut config = config_with_token(&settings(&sources, &[]));
    config.node.rpc_file = sandbox.node.rpc_file().to_owned();
    let post = async |server: &Server| {
        let request = server.request(Method::POST, "/api/v1/invoices");
        let request = request.bearer_auth(TOKEN).json(&ten_euro());
        Page::read(request.send().await).await.status
    };
    let server = Server::start(config.clone(), facture::web::Mode::Live).await;
    assert_eq!(post(&server).await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(rates.asked(0), [""; 0]);
    config.pricing.allow_private = true;
    let server = Server::start(config, facture::web::Mode::Live).await;
    assert_eq!(post(&server).await, StatusCode::CREATED);
    assert_eq!(rates.asked(0), ["/EUR"]);
}
