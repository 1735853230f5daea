//! The client for Rust: it drives a sandbox, repeats what may be repeated, and verifies webhooks.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use facture_client::{Call, Error, Facture, NewInvoice, Operation, verify_webhook};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    api::{Shop, TOKEN},
    harness::receiver::Receiver,
};

fn order() -> NewInvoice {
    NewInvoice {
        amount_sat: Some(21),
        description: Some("Zwei Brötchen ☕".to_owned()),
        order_id: Some("2026-7".to_owned()),
        ..NewInvoice::default()
    }
}

/// What the API says is wrong.
fn refused<T: std::fmt::Debug>(answer: Result<T, Error>) -> (u16, String, Option<String>) {
    match answer {
        Err(Error::Api(error)) => (error.status, error.code, error.field),
        answer => panic!("{answer:?}"),
    }
}

#[tokio::test]
async fn it_drives_a_sandbox() {
    let shop = Shop::open().await;
    let facture = Facture::new(&format!("{}/", shop.server.origin), TOKEN).expect("a client");
    let one = facture.create_invoice(&order(), Some("rust-1")).await;
    let one = one.expect("an invoice");
    let two = facture.create_invoice(&order(), Some("rust-1")).await;
    assert_eq!(two.expect("the same").label, one.label);
    let bolt11 = one.bolt11.as_deref().expect("a string");
    shop.sandbox.node.pay(bolt11, None).expect("paid");
    let paid = facture.wait_for_invoice(&one.label, 20).await;
    assert_eq!(paid.expect("an invoice").status, "paid");
    let page = facture.events(0).await.expect("events");
    let kinds: Vec<_> = page
        .events
        .iter()
        .map(|event| event.kind.as_str())
        .collect();
    assert_eq!(kinds, ["invoice.created", "invoice.paid"]);
    let call = Call {
        query: &[("limit", "1".to_owned())],
        ..Call::default()
    };
    let listed: Value = facture
        .call(&Operation::LIST_INVOICES, call)
        .await
        .expect("a list");
    assert_eq!(listed["invoices"][0]["label"], one.label);
    let other = facture
        .create_invoice(&order(), None)
        .await
        .expect("another");
    assert_ne!(other.label, one.label);
    let cancelled = facture.cancel_invoice(&other.label).await;
    assert_eq!(cancelled.expect("an invoice").status, "cancelled");

    let nothing = NewInvoice {
        amount_sat: Some(0),
        ..order()
    };
    let (status, _, field) = refused(facture.create_invoice(&nothing, None).await);
    assert_eq!((status, field.as_deref()), (422, Some("amount_sat")));
    let (status, code, _) = refused(facture.read_invoice("no/such label").await);
    assert_eq!((status, code.as_str()), (404, "invoice_not_found"));
    let stranger = Facture::new(&shop.server.origin, "wrong").expect("a client");
    let (status, code, _) = refused(stranger.read_invoice(&one.label).await);
    assert_eq!((status, code.as_str()), (401, "unauthorized"));
    let call = facture.call::<Value>(&Operation::READ_INVOICE, Call::default());
    assert!(matches!(call.await, Err(Error::Path("label"))));
    assert!(matches!(Facture::new("shop", TOKEN), Err(Error::Address)));
}

/// The keys of the requests so far. Of three, only the last one is answered as it should be.
type Keys = Arc<Mutex<Vec<Option<String>>>>;

async fn flaky(State(keys): State<Keys>, headers: HeaderMap) -> Response {
    let key = headers.get("idempotency-key");
    let key = key.map(|key| key.to_str().expect("text").to_owned());
    let mut keys = keys.lock().expect("no panic");
    keys.push(key);
    match keys.len() % 3 {
        1 => (StatusCode::BAD_GATEWAY, "a proxy's words").into_response(),
        2 => (
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::RETRY_AFTER, "0")],
        )
            .into_response(),
        _ => (StatusCode::CREATED, json!({"done": true}).to_string()).into_response(),
    }
}

#[tokio::test]
async fn only_what_is_safe_is_repeated_and_always_with_the_same_key() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let keys = Keys::default();
    let server = Router::new().fallback(flaky).with_state(keys.clone());
    let serving = tokio::spawn(async move { axum::serve(listener, server).await });
    let facture = Facture::new(&url, TOKEN).expect("a client");
    let call = Call {
        body: Some(json!({})),
        ..Call::default()
    };
    let done: Value = facture
        .call(&Operation::CREATE_INVOICE, call.clone())
        .await
        .expect("done");
    assert_eq!(done, json!({"done": true}));
    let seen = std::mem::take(&mut *keys.lock().expect("no panic"));
    assert_eq!(seen.len(), 3);
    assert!(
        seen[0].is_some() && seen.iter().all(|key| *key == seen[0]),
        "{seen:?}"
    );
    let answer = facture
        .call::<Value>(&Operation::CREATE_WEBHOOK, call)
        .await;
    let (status, code, _) = refused(answer);
    assert_eq!((status, code.as_str()), (502, "unknown"));
    assert_eq!(*keys.lock().expect("no panic"), [None]);
    serving.abort();
}

#[tokio::test]
async fn a_webhook_is_verified_as_it_came() {
    let shop = Shop::with(&[("WEBHOOKS__ALLOW_PRIVATE", "true")]).await;
    let receiver = Receiver::start().await;
    let facture = Facture::new(&shop.server.origin, TOKEN).expect("a client");
    let call = Call {
        body: Some(json!({"url": receiver.url("/hook")})),
        ..Call::default()
    };
    let hook: Value = facture
        .call(&Operation::CREATE_WEBHOOK, call)
        .await
        .expect("a webhook");
    let id = hook["id"].as_str().expect("an id");
    let call = Call {
        path: &[("webhook", id)],
        ..Call::default()
    };
    let secret: Value = facture
        .call(&Operation::READ_WEBHOOK_SECRET, call)
        .await
        .expect("it");
    let secret = secret["secret"].as_str().expect("a secret");
    let made = facture
        .create_invoice(&order(), None)
        .await
        .expect("an invoice");
    let received = receiver.wait_for(1).await.remove(0);
    let event = verify_webhook(secret, &received.headers, &received.body).expect("genuine");
    assert_eq!(event.kind, "invoice.created");
    assert_eq!(event.data["invoice"]["label"], made.label);
    let forged = [received.body.as_ref(), b" "].concat();
    assert!(verify_webhook(secret, &received.headers, &forged).is_err());
    assert!(verify_webhook(secret, &HeaderMap::new(), &received.body).is_err());
    assert!(verify_webhook("x", &received.headers, &received.body).is_err());
}
