//! Bad input, and keys of other shops.

use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::{STORE, WebShop, invoice_path};
use crate::harness::json as read;

#[tokio::test]
async fn what_cannot_be_made_is_refused_by_name() {
    let shop = WebShop::open().await;
    let with = |checkout: Value| json!({"amount": 1, "currency": "SATS", "checkout": checkout});
    for (body, path) in [
        (json!({"amount": 1}), "currency"),
        (json!({"amount": 1, "currency": "€"}), "currency"),
        (json!({"amount": 1, "currency": 5}), "currency"),
        (json!({"amount": 1, "currency": "XQQ"}), "currency"),
        (json!({"amount": 0, "currency": "BTC"}), "amount"),
        (json!({"amount": -1, "currency": "BTC"}), "amount"),
        (json!({"amount": "tea", "currency": "BTC"}), "amount"),
        (json!({"amount": [], "currency": "BTC"}), "amount"),
        (json!({"amount": 1e40, "currency": "BTC"}), "amount"),
        (json!({"amount": 22_000_000, "currency": "BTC"}), "amount"),
        (
            json!({"amount": 1, "currency": "SATS", "metadata": [1]}),
            "metadata",
        ),
        (
            json!({"amount": 1, "currency": "SATS", "metadata": {"a": "x".repeat(16_384)}}),
            "metadata",
        ),
        (with(json!([])), "checkout"),
        (
            with(json!({"paymentMethods": ["BTC"]})),
            "checkout.paymentMethods",
        ),
        (
            with(json!({"paymentMethods": "BTC-LN"})),
            "checkout.paymentMethods",
        ),
        (
            with(json!({"expirationMinutes": 0})),
            "checkout.expirationMinutes",
        ),
        (
            with(json!({"expirationMinutes": -5})),
            "checkout.expirationMinutes",
        ),
        (
            with(json!({"expirationMinutes": 1e9})),
            "checkout.expirationMinutes",
        ),
        (
            with(json!({"redirectURL": "javascript:alert(1)"})),
            "checkout.redirectURL",
        ),
        (with(json!({"redirectURL": 7})), "checkout.redirectURL"),
    ] {
        let (status, error) = shop.ask(Method::POST, "/invoices", Some(&body)).await;
        if status == StatusCode::SERVICE_UNAVAILABLE {
            assert_eq!(error["code"], "no-rate", "{body}");
            continue;
        }
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body} {error}");
        assert_eq!(error[0]["path"], path, "{body} {error}");
        assert!(error[0]["message"].is_string());
    }
    for text in ["", "[]", "{", "1"] {
        let request = shop.call(Method::POST, &format!("{STORE}/invoices"));
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let (status, error) = read(request.body(text).send().await).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{text} {error}");
    }
    assert_eq!(shop.sandbox.node.invoice_count(), 0);
    for query in ["take=x", "take=1001", "skip=-1", "startDate=x"] {
        let (status, _) = shop
            .ask(Method::GET, &format!("/invoices?{query}"), None)
            .await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
    }
    for (path, code) in [
        ("/invoices/x", "invoice-not-found"),
        (
            "/invoices/facture_00000000000000000000000000000000",
            "invoice-not-found",
        ),
        ("/webhooks/x", "webhook-not-found"),
        (
            "/webhooks/we_00000000000000000000000000000000",
            "webhook-not-found",
        ),
        ("/payment-methods/x", "paymentmethod-not-found"),
    ] {
        let (status, error) = shop.ask(Method::GET, path, None).await;
        assert_eq!(
            (status, &error["code"]),
            (StatusCode::NOT_FOUND, &json!(code)),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_webhook_that_cannot_be_is_refused() {
    let shop = WebShop::open().await;
    for (body, path) in [
        (json!({}), "url"),
        (json!({"url": "shop"}), "url"),
        (json!({"url": "http://10.0.0.1/"}), "url"),
        (
            json!({"url": "https://shop.example/", "secret": "short"}),
            "secret",
        ),
        (
            json!({"url": "https://shop.example/", "enabled": 1}),
            "enabled",
        ),
        (
            json!({"url": "https://shop.example/", "authorizedEvents": []}),
            "authorizedEvents",
        ),
        (
            json!({"url": "https://shop.example/", "authorizedEvents": {"specificEvents": [1]}}),
            "authorizedEvents.specificEvents",
        ),
    ] {
        let (status, error) = shop.ask(Method::POST, "/webhooks", Some(&body)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body} {error}");
        assert_eq!(error[0]["path"], path, "{body}");
    }
    assert_eq!(shop.get("/webhooks").await, json!([]));
}

#[tokio::test]
async fn nothing_of_a_shop_is_seen_by_anothers_key() {
    let shop = WebShop::open().await;
    let coffee = shop.issue("greenfield", Some("coffee")).await;
    let reader = shop
        .issue("invoices:read invoices:create webhooks", None)
        .await;
    let made = shop
        .create(&json!({"amount": 10, "currency": "SATS", "metadata": {"orderId": "1"}}))
        .await;
    let hook = json!({"url": "https://shop.example/hook"});
    let (_, hook) = shop.ask(Method::POST, "/webhooks", Some(&hook)).await;
    let hook = hook["id"].as_str().expect("an id");
    let invoice = invoice_path(&made);
    for (method, path) in [
        (Method::GET, String::new()),
        (Method::GET, "/invoices".to_owned()),
        (Method::POST, "/invoices".to_owned()),
        (Method::GET, invoice.clone()),
        (Method::PUT, invoice.clone()),
        (Method::POST, format!("{invoice}/status")),
        (Method::GET, format!("{invoice}/payment-methods")),
        (Method::GET, "/webhooks".to_owned()),
        (Method::POST, "/webhooks".to_owned()),
        (Method::GET, format!("/webhooks/{hook}")),
        (Method::PUT, format!("/webhooks/{hook}")),
        (Method::DELETE, format!("/webhooks/{hook}")),
        (Method::GET, format!("/webhooks/{hook}/deliveries")),
        (Method::GET, "/payment-methods".to_owned()),
        (Method::POST, "/pull-payments".to_owned()),
    ] {
        for key in [&coffee, &reader] {
            let request = shop.call_with(key, method.clone(), &format!("{STORE}{path}"));
            let (status, error) = read(request.json(&json!({})).send().await).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{method} {path} {error}");
            assert_eq!(error["code"], "missing-permission");
        }
        // By its own store's path, there is none.
        if path.contains("facture_") || path.contains("we_") {
            let own = format!("/api/v1/stores/coffee{path}");
            let request = shop.call_with(&coffee, method.clone(), &own);
            let (status, error) = read(request.json(&json!({})).send().await).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{method} {path} {error}");
        }
        let request = shop
            .server
            .request(method.clone(), &format!("{STORE}{path}"));
        let (status, error) = read(request.json(&json!({})).send().await).await;
        assert_eq!(
            (status, &error["code"]),
            (StatusCode::UNAUTHORIZED, &json!("unauthenticated"))
        );
    }
    let request = shop.call_with(&coffee, Method::GET, "/api/v1/stores/coffee/invoices");
    assert_eq!(read(request.send().await).await.1, json!([]));
    // The key opens nothing else.
    let request = shop.server.request(Method::GET, "/api/v1/invoices");
    let (status, _) = read(request.bearer_auth(&shop.key).send().await).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn money_does_not_leave() {
    let shop = WebShop::open().await;
    let body = json!({"name": "Refund", "amount": "1", "currency": "BTC"});
    let (status, error) = shop.ask(Method::POST, "/pull-payments", Some(&body)).await;
    assert_eq!(
        (status, &error["missingPermission"]),
        (
            StatusCode::FORBIDDEN,
            &json!("btcpay.store.cancreatenonapprovedpullpayments")
        )
    );
}

#[tokio::test]
async fn there_are_no_such_routes_unless_they_are_switched_on() {
    let shop = WebShop::with(&[("GREENFIELD__ENABLED", "false")]).await;
    let (status, error) = shop.ask(Method::GET, "", None).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "{error}");
    assert_eq!(error["error"]["code"], "unauthorized");
    assert_eq!(
        shop.page("/modal/btcpay.js").await.status,
        StatusCode::NOT_FOUND
    );
}
