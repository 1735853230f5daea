//! What comes by itself: the socket and the webhook.

use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

use super::{Till, path};
use crate::{charge::hooks::receiver, harness::TIMEOUT};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn listen(till: &Till, item: &str) -> Socket {
    let address = till.server.origin.replace("http", "ws");
    let connected = connect_async(format!("{address}/api/v1/ws/{item}")).await;
    connected.expect("a socket").0
}

async fn next(socket: &mut Socket) -> Value {
    let frame = timeout(TIMEOUT, socket.next()).await.expect("in time");
    let Some(Ok(Message::Text(text))) = frame else {
        panic!("{frame:?}")
    };
    serde_json::from_str(&text).expect("JSON")
}

#[tokio::test]
async fn a_payment_is_pushed_to_its_key_and_to_its_hash() {
    let till = Till::open().await;
    let cafe = till.issue("lnbits", Some("cafe")).await;
    let mut own = listen(&till, &till.key).await;
    let mut others = listen(&till, &cafe).await;
    let made = till.create(&json!({"amount": 5})).await;
    let hash = made["payment_hash"].as_str().expect("a hash");
    let mut one = listen(&till, hash).await;
    till.pay(&made);
    let paid = json!({"pending": false, "status": "success"});
    assert_eq!(next(&mut one).await, paid);
    let pushed = next(&mut own).await;
    let (_, found) = till.get(&path(&made)).await;
    assert_eq!(
        pushed,
        json!({"wallet_balance": 0, "payment": found["details"]})
    );
    // Whoever comes late is told at once.
    assert_eq!(next(&mut listen(&till, hash).await).await, paid);

    till.server.stop().await.expect("it stops");
    let end = timeout(TIMEOUT, others.next()).await.expect("in time");
    assert!(!matches!(end, Some(Ok(Message::Text(_)))), "{end:?}");
}

#[tokio::test]
async fn nobody_listens_without_a_key_or_a_hash() {
    let till = Till::open().await;
    let reader = till.issue("invoices:read", None).await;
    let zeros = "0".repeat(64);
    for (item, status) in [
        ("x", "401"),
        (reader.as_str(), "403"),
        (zeros.as_str(), "404"),
    ] {
        let address = till.server.origin.replace("http", "ws");
        let refused = connect_async(format!("{address}/api/v1/ws/{item}")).await;
        let refused = refused.expect_err("it is refused").to_string();
        assert!(refused.contains(status), "{item} {refused}");
    }
}

#[tokio::test]
async fn the_webhook_has_the_payment() {
    let till = Till::with(&[("WEBHOOKS__ALLOW_PRIVATE", "true")]).await;
    let (address, mut calls) = receiver().await;
    let made = till
        .create(&json!({"amount": 5, "webhook": address, "extra": {"table": 7}}))
        .await;
    till.pay(&made);
    let call = timeout(TIMEOUT, calls.recv()).await.expect("in time");
    let (headers, body) = call.expect("a call");
    assert!(headers.contains_key("webhook-signature"));
    let told: Value = serde_json::from_str(&body).expect("JSON");
    let (_, found) = till.get(&path(&made)).await;
    assert_eq!(told, found["details"]);
}
