//! Payments as they come: `/payment-stream` and `/ws`.

use futures_util::StreamExt;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

use super::Shop;
use crate::{api::TOKEN, harness::TIMEOUT};

/// Reads to the end of the next frame that is no comment.
async fn frame(stream: &mut Response) -> String {
    let mut text = String::new();
    let reading = async {
        loop {
            let chunk = stream.chunk().await.expect("no error").expect("more");
            text.push_str(std::str::from_utf8(&chunk).expect("text"));
            if text.ends_with("\n\n") && !text.starts_with(':') {
                return;
            }
        }
    };
    timeout(TIMEOUT, reading).await.expect("a frame in time");
    text
}

#[tokio::test]
async fn the_stream_has_each_payment_once() {
    let shop = Shop::open().await;
    let before = shop.create(&json!({"msatoshi": 1000})).await;
    shop.pay(&before);
    shop.invoice(&before).await;
    let mut stream = shop
        .call(Method::GET, "/payment-stream")
        .send()
        .await
        .unwrap();
    assert_eq!(stream.status(), StatusCode::OK);
    let header = |name: &str| stream.headers()[name].to_str().unwrap().to_owned();
    assert!(header("content-type").starts_with("text/event-stream"));
    assert_eq!(
        (
            header("cache-control").as_str(),
            header("x-accel-buffering").as_str()
        ),
        ("no-cache", "no")
    );
    for number in 2..=3 {
        let made = shop
            .create(&json!({"msatoshi": 1000, "metadata": {"order": number}}))
            .await;
        shop.pay(&made);
        let frame = frame(&mut stream).await;
        let mut lines = frame.lines();
        let value = |line: Option<&str>, name: &str| {
            line.unwrap()
                .strip_prefix(name)
                .unwrap()
                .trim_start()
                .to_owned()
        };
        assert_eq!(value(lines.next(), "id:"), number.to_string());
        let invoice: Value = serde_json::from_str(&value(lines.next(), "data:")).unwrap();
        assert_eq!(invoice, shop.invoice(&made).await);
    }
    shop.server.stop().await.unwrap();
    assert!(stream.chunk().await.unwrap().is_none(), "stopping ends it");
}

#[tokio::test]
async fn the_socket_has_each_payment_once() {
    let shop = Shop::open().await;
    let address = format!("{}/ws", shop.server.origin.replace("http", "ws"));
    let mut request = address.as_str().into_client_request().unwrap();
    let refused = connect_async(request.clone())
        .await
        .unwrap_err()
        .to_string();
    assert!(refused.contains("401"), "{refused}");

    use base64::{Engine, prelude::BASE64_STANDARD};
    let credentials = BASE64_STANDARD.encode(format!("api-token:{TOKEN}"));
    let credentials = HeaderValue::from_str(&format!("Basic {credentials}")).unwrap();
    request.headers_mut().insert("authorization", credentials);
    let (mut socket, _) = connect_async(request).await.unwrap();
    for _ in 0..2 {
        let made = shop.create(&json!({"msatoshi": 1000})).await;
        shop.pay(&made);
        let frame = timeout(TIMEOUT, socket.next()).await.expect("in time");
        let Some(Ok(Message::Text(text))) = frame else {
            panic!("{frame:?}")
        };
        let invoice: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(invoice, shop.invoice(&made).await);
    }
    shop.server.stop().await.unwrap();
    let end = timeout(TIMEOUT, socket.next()).await.expect("in time");
    assert!(
        !matches!(end, Some(Ok(Message::Text(_)))),
        "stopping ends it: {end:?}"
    );
}
