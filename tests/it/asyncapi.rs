//! `docs/asyncapi.yaml` is what the code says, and events of every kind are as it says.

use std::{collections::BTreeSet, env, fs, path::Path, time::Duration};

use facture_domain::EventKind;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::{interval, timeout};

use crate::{
    api::{Shop, TOKEN},
    harness::{Server, TIMEOUT, json as answer},
    holds,
    payouts::{Merchant, Theirs, issue},
};

/// What the file begins with.
const HEAD: &str = "# Generated from the code by tests/it/asyncapi.rs: FACTURE_WRITE_ASYNCAPI=1 cargo test --test it asyncapi::\n";

/// Read by `node_word/absence.rs`, which deletes a paid invoice from the node first; it is checked there, as whatever a test
/// reads of `/api/v1/events` is.
const ELSEWHERE: &str = "invoice.payment_proven";

/// What is needed to do everything with payouts, and to read events.
const SCOPES: &str = "invoices:read payouts:order payouts:approve payouts:execute";

#[tokio::test]
async fn the_document_is_the_generated_one() {
    let shop = Shop::open().await;
    let (status, openapi) = shop.server.json("/api/v1/openapi.json").await;
    assert_eq!(status, StatusCode::OK);
    let generated = facture_bridge::asyncapi::document(&openapi);
    let text = HEAD.to_owned() + &serde_saphyr::to_string(&generated).unwrap();
    let read: Value = serde_saphyr::from_str(&text).unwrap();
    assert_eq!(read, generated, "it is read as it was written");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/asyncapi.yaml");
    if env::var_os("FACTURE_WRITE_ASYNCAPI").is_some() {
        fs::write(&file, &text).unwrap();
    }
    // The order of its members says nothing.
    let committed: Value = serde_saphyr::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    assert!(
        committed == generated,
        "docs/asyncapi.yaml is not what the code says. {HEAD}"
    );
}

/// Does something with the API.
async fn post(server: &Server, token: &str, path: &str, body: &Value) -> Value {
    let request = server
        .request(Method::POST, path)
        .bearer_auth(token)
        .header("Idempotency-Key", key(path, body));
    let (status, told) = answer(request.json(body).send().await).await;
    assert!(status.is_success(), "{path}: {told}");
    told
}

/// Of the same request the same.
fn key(path: &str, body: &Value) -> String {
    use bitcoin::hashes::{Hash, sha256};
    sha256::Hash::hash(format!("{path} {body}").as_bytes()).to_string()
}

/// The kinds of all events, each of which is checked as it is read, once one of this kind is among them.
async fn kinds(server: &Server, token: &str, until: &str) -> BTreeSet<String> {
    let reading = async {
        let mut tick = interval(Duration::from_millis(20));
        loop {
            tick.tick().await;
            let request = server.request(Method::GET, "/api/v1/events?limit=100");
            let (_, told) = answer(request.bearer_auth(token).send().await).await;
            let events = told["events"].as_array().unwrap().iter();
            let kinds: BTreeSet<_> = events
                .map(|event| event["type"].as_str().unwrap().to_owned())
                .collect();
            if kinds.contains(until) {
                return kinds;
            }
        }
    };
    let kinds = timeout(TIMEOUT, reading).await;
    kinds.unwrap_or_else(|_| panic!("no {until} in time"))
}

#[tokio::test]
async fn events_of_every_kind_are_as_it_says() {
    let mut seen = of_invoices().await;
    seen.extend(of_payouts().await);
    seen.insert(ELSEWHERE.to_owned());
    let all = EventKind::ALL.map(|kind| kind.as_str().to_owned());
    assert_eq!(seen, BTreeSet::from(all));
}

async fn of_invoices() -> BTreeSet<String> {
    let shop = holds::shop(&[]).await;
    let (server, node) = (&shop.server, &shop.sandbox.node);
    let bolt11 = |invoice: &Value| invoice["bolt11"].as_str().unwrap().to_owned();
    let order = json!({
        "amount_sat": 50, "expiry": 60, "order_id": "7", "metadata": { "cart": [1] },
        "redirect_url": "https://shop.example/thanks",
    });
    let paid = shop.create(&order).await;
    node.pay(&bolt11(&paid), None).unwrap();
    let expired = shop.create(&order).await;
    node.advance(Duration::from_secs(100));
    kinds(server, TOKEN, "invoice.expired").await;
    let label = expired["label"].as_str().unwrap();
    let renew = format!("/check_invoice/{label}/renew");
    let renewed = server.request(Method::POST, &renew).send().await.unwrap();
    assert_eq!(renewed.status(), StatusCode::SEE_OTHER);
    let held = shop.create(&json!({ "amount_sat": 5, "hold": true })).await;
    let payment = node.pay(&bolt11(&held), None);
    assert_eq!(payment, Err(facture_sandbox::PayError::Held));
    kinds(server, TOKEN, "invoice.accepted").await;
    node.mine(144 - 12).unwrap();
    kinds(server, TOKEN, "invoice.hold_expiring").await;
    node.mine(12).unwrap();
    kinds(server, TOKEN, "invoice.cancelled").await
}

async fn of_payouts() -> BTreeSet<String> {
    let merchant = Merchant::open().await;
    let token = &issue(&merchant.records, SCOPES).await;
    let server = &merchant.server;
    let sale = server.create("50", "tea").await;
    let bolt11 = sale["bolt11"].as_str().unwrap();
    merchant.sandbox.node.pay(bolt11, None).unwrap();
    kinds(server, token, "invoice.paid").await;
    let payout = async |more: Value| {
        let theirs = Theirs::default();
        let mut body = json!({ "destination": theirs.bolt11(), "reason": "for Alice" });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let payout = post(server, token, "/api/v1/payouts", &body).await;
        (
            theirs,
            format!("/api/v1/payouts/{}", payout["id"].as_str().unwrap()),
        )
    };
    payout(json!({ "expires_in": 1 })).await;
    // The refund of a sale.
    let (theirs, path) = payout(json!({ "invoice": sale["label"], "amount_msat": 21_000 })).await;
    post(server, token, &format!("{path}/approve"), &json!({})).await;
    post(
        server,
        token,
        &format!("{path}/begin"),
        &theirs.begin("one"),
    )
    .await;
    let outcome = format!("{path}/outcome");
    let unknown = json!({ "payer": "one", "state": "unknown" });
    post(server, token, &outcome, &unknown).await;
    post(server, token, &outcome, &theirs.paid("one")).await;
    let (_, path) = payout(json!({})).await;
    let failed = json!({ "payer": "one", "state": "failed", "code": "limit_exceeded" });
    post(server, token, &format!("{path}/outcome"), &failed).await;
    let (_, path) = payout(json!({})).await;
    post(server, token, &format!("{path}/cancel"), &json!({})).await;
    kinds(server, token, "payout.expired").await
}
