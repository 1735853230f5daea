//! Webhooks: the address that came with the invoice, and those added later, are told of the payment.

use axum::{Router, extract::State, http::HeaderMap, routing::post};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc, time::timeout};

use super::{Shop, path};
use crate::harness::{Page, TIMEOUT};

type Call = (HeaderMap, String);

/// A shop's address, and what it is told.
pub(crate) async fn receiver() -> (String, mpsc::UnboundedReceiver<Call>) {
    let (told, calls) = mpsc::unbounded_channel::<Call>();
    let take = async |State(told): State<mpsc::UnboundedSender<Call>>,
                      headers: HeaderMap,
                      body: String| {
        let _ = told.send((headers, body));
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!(
        "http://{}/paid",
        listener.local_addr().expect("it is bound")
    );
    let app = Router::new().route("/paid", post(take)).with_state(told);
    tokio::spawn(async move { axum::serve(listener, app).await });
    (address, calls)
}

async fn add(shop: &Shop, made: &Value, body: &Value) -> Page {
    let request = shop.call(Method::POST, &path(made, "/webhook"));
    Page::read(request.json(body).send().await).await
}

#[tokio::test]
async fn a_payment_is_told_with_the_whole_invoice() {
    let shop = Shop::with(&[("WEBHOOKS__ALLOW_PRIVATE", "true")]).await;
    let (first, mut first_calls) = receiver().await;
    let (second, mut second_calls) = receiver().await;
    let made = shop
        .create(&json!({"msatoshi": 1000, "metadata": {"order": 7}, "webhook": first}))
        .await;
    let added = add(&shop, &made, &json!({"url": second})).await;
    assert_eq!(
        (added.status, added.text.as_str()),
        (StatusCode::CREATED, "Created")
    );
    shop.pay(&made);
    for calls in [&mut first_calls, &mut second_calls] {
        let (headers, body) = timeout(TIMEOUT, calls.recv())
            .await
            .expect("in time")
            .expect("a call");
        assert_eq!(headers["content-type"], "application/json");
        let told: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(told, shop.invoice(&made).await);
        assert_eq!(
            (&told["status"], &told["metadata"]),
            (&json!("paid"), &json!({"order": 7}))
        );
    }
    let late = add(&shop, &made, &json!({"url": first})).await;
    assert_eq!(
        (late.status, late.text.as_str()),
        (StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
    );
}

#[tokio::test]
async fn what_cannot_be_told_is_refused() {
    let shop = Shop::open().await;
    let made = shop.create(&json!({"msatoshi": 1000, "expiry": 600})).await;
    for body in [
        json!({}),
        json!({"url": "shop"}),
        json!({"url": "ftp://shop.example/"}),
    ] {
        assert_eq!(
            add(&shop, &made, &body).await.status,
            StatusCode::BAD_REQUEST,
            "{body}"
        );
    }
    let refused = shop.post(&json!({"webhook": "shop"})).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(shop.sandbox.node.invoice_count(), 1);
    let request = shop.call(Method::POST, &path(&made, "/webhook"));
    let form = Page::read(
        request
            .form(&[("url", "https://shop.example/paid")])
            .send()
            .await,
    )
    .await;
    assert_eq!(form.status, StatusCode::CREATED);
    shop.expire(&made).await;
    let gone = add(&shop, &made, &json!({"url": "https://shop.example/"})).await;
    assert_eq!(
        (gone.status, gone.text.as_str()),
        (StatusCode::GONE, "Gone")
    );
}
