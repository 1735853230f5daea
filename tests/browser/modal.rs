//! BTCPay's pop-up: a shop's page of another origin opens an invoice over itself and hears what becomes of it.

use facture::app::Tokens;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    chromium::Browser,
    harness::json as read,
    shop::{Face, Shop},
    street::Place,
};

/// What the page of a shop does, as BTCPay's plug-in for WooCommerce does it.
const PAGE: &str = "<!doctype html><title>Shop</title><button id=pay>Pay</button>";

/// Calls the API with this key.
async fn ask(shop: &Shop, key: &str, method: Method, path: &str, body: &Value) -> Value {
    let request = shop.server.request(method, path);
    let request = request.header("Authorization", format!("token {key}"));
    let (status, answer) = read(request.json(body).send().await).await;
    assert!(status.is_success(), "{answer}");
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_opens_an_invoice_over_its_page_and_hears_of_the_payment() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let place = Place::free().await;
    let origin = place.origin.clone();
    let settings = [
        ("EMBED__ORIGINS", &*origin),
        ("GREENFIELD__ENABLED", "true"),
    ];
    let shop = Shop::open(Face::Live, &settings).await;
    // The records are the server's from then on.
    let ready = |answer: &Value| answer["status"] == "ready";
    shop.server.json_until("/readyz", ready).await;
    let records = shop.directory.path().join("records");
    let mut tokens = Tokens::open(&records).await.expect("records");
    let scopes = "greenfield".parse().expect("a scope");
    let key = tokens
        .issue("shop".to_owned(), scopes)
        .await
        .expect("a key");
    let store = "/api/v1/stores/default/invoices";
    let body = json!({"amount": 5, "currency": "SATS"});
    let made = ask(&shop, key.expose(), Method::POST, store, &body).await;
    let id = made["id"].as_str().expect("an id");

    let ours = &shop.server.origin;
    let policy = format!("default-src 'none'; frame-src {ours}; script-src {ours}");
    let page = format!("{PAGE}<script src=\"{ours}/modal/btcpay.js\"></script>");
    let site = place.site(page, policy);
    browser.open(&site.origin).await;
    let listen = format!(
        "window.told = []; btcpay.setApiUrlPrefix('{ours}/'); btcpay.onModalReceiveMessage(({{ data }}) => told.push(data)); \
         btcpay.onModalWillEnter(() => told.push('enter')); btcpay.onModalWillLeave(() => told.push('leave'))"
    );
    browser.evaluate(&listen).await;
    let show = format!("btcpay.showInvoice('{id}')");
    let told = async || browser.evaluate("told.splice(0)").await;

    // It can be closed: by its button, and by the key.
    browser.evaluate(&show).await;
    browser.until("told.includes('loaded')").await;
    assert_eq!(told().await, json!(["enter", "loaded"]));
    let named = "document.querySelector('dialog button').ariaLabel.length > 0";
    assert_eq!(browser.evaluate(named).await, true);
    browser.click("dialog button").await;
    browser.until("!document.querySelector('dialog')").await;
    assert_eq!(told().await, json!(["leave", "close"]));

    browser.evaluate(&show).await;
    browser.until("told.includes('loaded')").await;
    told().await;
    let path = format!("{store}/{id}/payment-methods");
    let methods = ask(&shop, key.expose(), Method::GET, &path, &Value::Null).await;
    let bolt11 = methods[0]["destination"].as_str().expect("a string");
    shop.node.pay(bolt11, None).expect("the buyer pays");
    browser.until("told.length > 0").await;
    let settled = json!({"invoiceId": id, "status": "settled"});
    assert_eq!(told().await[0], settled);
    // The plug-in closes it then, or goes on to the page of the order.
    browser.evaluate("btcpay.hideFrame()").await;
    browser
        .until("!document.querySelector('dialog, iframe')")
        .await;
    assert_eq!(told().await, json!(["leave"]));
}
