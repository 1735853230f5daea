//! The API on its private socket.

use std::{os::unix::fs::PermissionsExt, path::Path};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Merchant, PAYOUTS, Theirs};
use crate::harness::{TIMEOUT, json as answer};

/// A program beside the server.
async fn call(
    socket: &Path,
    token: Option<&str>,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> (StatusCode, Value) {
    let client = reqwest::Client::builder()
        .unix_socket(socket)
        .timeout(TIMEOUT)
        .build()
        .unwrap();
    let mut request = client.request(method, format!("http://localhost{path}"));
    request = request.header("accept", "application/json");
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if let Some(body) = body {
        request = request.json(body).header("Idempotency-Key", "a");
    }
    answer(request.send().await).await
}

#[tokio::test]
async fn the_socket_is_its_owners_and_asks_for_a_token_all_the_same() {
    let merchant = Merchant::open().await;
    let socket = merchant.records.join("api.sock");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&socket), mode(&merchant.records)), (0o600, 0o700));
    let (status, error) = call(&socket, None, Method::GET, PAYOUTS, None).await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (StatusCode::UNAUTHORIZED, &json!("unauthorized"))
    );
    let theirs = Theirs::default();
    let body = json!({ "destination": theirs.bolt11() });
    let (status, payout) = call(
        &socket,
        Some(&merchant.order),
        Method::POST,
        PAYOUTS,
        Some(&body),
    )
    .await;
    assert_eq!(status, StatusCode::CREATED, "{payout}");
    let execute = Some(&*merchant.execute);
    let work = format!("{PAYOUTS}/work?payer=one&wait=1");
    let (status, work) = call(&socket, execute, Method::GET, &work, None).await;
    assert_eq!(
        (status, &work["payouts"][0]["id"]),
        (StatusCode::OK, &payout["id"])
    );
    // Both ways lead to the same, which here has a place for the code of an approval.
    let mut read = merchant.read(&payout).await;
    read["approval_code"] = Value::Null;
    assert_eq!(read, work["payouts"][0]);
    // There is the API, and nothing else.
    for path in ["/", "/create_invoice", "/tokens", "/reconcile", "/readyz"] {
        let (status, _) = call(&socket, execute, Method::GET, path, None).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
    let (status, document) = call(&socket, None, Method::GET, "/api/v1/openapi.json", None).await;
    assert_eq!(
        (status, &document["openapi"]),
        (StatusCode::OK, &json!("3.1.0"))
    );
    merchant.server.stop().await.unwrap();
    assert!(!socket.exists(), "it is gone with its server");
}
