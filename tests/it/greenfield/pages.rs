//! What the buyer's browser asks for.

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::WebShop;

#[tokio::test]
async fn btcpays_addresses_lead_to_the_page() {
    let shop = WebShop::open().await;
    let made = shop
        .create(&json!({"amount": 10, "currency": "SATS"}))
        .await;
    let id = made["id"].as_str().expect("an id");
    for path in [
        format!("/i/{id}"),
        format!("/invoice?id={id}&view=modal"),
        format!("/invoice?view=modal&id={id}"),
    ] {
        let led = shop.page(&path).await;
        assert_eq!(led.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(led.header("location"), format!("/check_invoice/{id}"));
    }
    for path in ["/i/x", "/invoice", "/invoice?id=x", "/invoice?view=modal"] {
        assert_eq!(
            shop.page(path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_script_of_the_modal_is_served() {
    let shop = WebShop::open().await;
    let script = shop.page("/modal/btcpay.js").await;
    assert_eq!(script.status, StatusCode::OK);
    assert_eq!(
        script.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    for name in [
        "setApiUrlPrefix",
        "showInvoice",
        "onModalReceiveMessage",
        "hideFrame",
    ] {
        assert!(script.text.contains(name), "{name}");
    }
    let request = shop.server.request(Method::GET, "/modal/btcpay.js");
    let request = request.header("If-None-Match", script.header("etag"));
    let again = request.send().await.expect("an answer");
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
}
