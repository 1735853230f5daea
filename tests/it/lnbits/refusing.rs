//! Bad input and keys of others: a clear error in LNbits' shape, and nothing on the node.

use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::{PAYMENTS, Till};
use crate::harness::json as read;

#[tokio::test]
async fn what_cannot_be_made_is_refused_by_name() {
    let till = Till::open().await;
    let url = "http://10.0.0.1/paid";
    for (body, field) in [
        (json!({}), "amount"),
        (json!({"amount": 0}), "amount"),
        (json!({"amount": -1}), "amount"),
        (json!({"amount": 1.5}), "amount"),
        (json!({"amount": "tea"}), "amount"),
        (json!({"amount": [1]}), "amount"),
        (json!({"amount": 1e30}), "amount"),
        (json!({"amount": 1, "unit": "€"}), "unit"),
        (json!({"amount": 1, "unit": 7}), "unit"),
        (json!({"amount": 1, "unit": "XQQ"}), "unit"),
        (json!({"amount": "1e25", "unit": "EUR"}), "amount"),
        (json!({"amount": 1, "memo": "x".repeat(640)}), "memo"),
        (json!({"amount": 1, "memo": "\u{1}"}), "memo"),
        (json!({"amount": 1, "memo": {}}), "memo"),
        (json!({"amount": 1, "expiry": 0}), "expiry"),
        (json!({"amount": 1, "expiry": 1e12}), "expiry"),
        (json!({"amount": 1, "extra": [1]}), "extra"),
        (
            json!({"amount": 1, "extra": {"a": "x".repeat(16_384)}}),
            "extra",
        ),
        (json!({"amount": 1, "out": "no"}), "out"),
        (json!({"amount": 1, "webhook": "shop"}), "webhook"),
        (json!({"amount": 1, "webhook": url}), "webhook"),
        (
            json!({"amount": 1, "description_hash": "00"}),
            "description_hash",
        ),
        (
            json!({"amount": 1, "unhashed_description": "746561"}),
            "unhashed_description",
        ),
        (
            json!({"amount": 1, "unhashed_description": "x"}),
            "unhashed_description",
        ),
        (
            json!({"amount": 1, "unhashed_description": "5b5b22746578742f706c61696e222c22546561225d5d", "description_hash": "00"}),
            "description_hash",
        ),
    ] {
        let (status, error) = till.post(&body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body} {error}");
        let detail = error["detail"].as_str().expect("a detail");
        assert!(detail.starts_with(field), "{body} {detail}");
    }
    for text in ["", "[]", "{", "1"] {
        let request = till.call(Method::POST, PAYMENTS);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let (status, error) = read(request.body(text).send().await).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{text} {error}");
    }
    let (status, error) = till.post(&json!({"out": true, "bolt11": "lnbc1"})).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{error}");
    assert_eq!(error["status"], "failed", "it is not pending: {error}");
    for query in ["limit=-1", "limit=101", "offset=x", "offset=901"] {
        let (status, _) = till.get(&format!("{PAYMENTS}?{query}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
    }
    for hash in ["x", "%00", &"0".repeat(64), "..%2fwallet"] {
        let (status, _) = till.get(&format!("{PAYMENTS}/{hash}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{hash}");
    }
    assert_eq!(till.sandbox.node.invoice_count(), 0);
}

#[tokio::test]
async fn nobody_gets_in_without_an_invoice_key() {
    let till = Till::open().await;
    let reader = till.issue("invoices:read invoices:create", None).await;
    for (key, expected) in [
        (None, StatusCode::UNAUTHORIZED),
        (Some(""), StatusCode::UNAUTHORIZED),
        (
            Some("facture_token_0000000000000000_00"),
            StatusCode::UNAUTHORIZED,
        ),
        (Some("é"), StatusCode::UNAUTHORIZED),
        (Some(reader.as_str()), StatusCode::FORBIDDEN),
    ] {
        for (method, path) in [
            (Method::POST, PAYMENTS),
            (Method::GET, PAYMENTS),
            (Method::GET, "/api/v1/wallet"),
        ] {
            let mut request = till.server.request(method, path);
            if let Some(key) = key {
                request = request.header("X-Api-Key", key.as_bytes());
            }
            let (status, error) = read(request.json(&json!({"amount": 1})).send().await).await;
            assert_eq!(status, expected, "{path} {key:?} {error}");
            assert!(error["detail"].is_string(), "{error}");
        }
    }
    assert_eq!(till.sandbox.node.invoice_count(), 0);
    // Its key opens nothing else.
    let request = till.server.request(Method::GET, "/api/v1/invoices");
    let (status, _): (_, Value) = read(request.bearer_auth(&till.key).send().await).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn there_are_no_such_routes_unless_they_are_switched_on() {
    let till = Till::with(&[("LNBITS__ENABLED", "false")]).await;
    let (status, error) = till.post(&json!({"amount": 1})).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "{error}");
    assert_eq!(error["error"]["code"], "unauthorized");
}
