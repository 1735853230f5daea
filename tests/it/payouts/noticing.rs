//! Who hears of payouts: the event log, its stream, webhooks.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Merchant, Theirs, issue};
use crate::harness::{json as answer, receiver::Receiver};

#[tokio::test]
async fn each_step_is_an_event_without_what_a_person_may_be_known_by() {
    let merchant = Merchant::with(&[("WEBHOOKS__ALLOW_PRIVATE", "true")]).await;
    let admin = issue(&merchant.records, "admin").await;
    let receiver = Receiver::start().await;
    let hook = json!({ "url": receiver.url("/hook"), "types": ["payout.paid", "payout.failed"] });
    let (status, hook) = merchant.post(&admin, "/api/v1/webhooks", &hook).await;
    assert_eq!(status, StatusCode::CREATED, "{hook}");
    let theirs = Theirs::default();
    let body = json!({ "destination": "alice@shop.example", "amount_msat": 21_000, "reason": "for Alice" });
    let payout = merchant.ordered("a", &body).await;
    merchant
        .act(&merchant.approve, &payout, "approve", &Value::Null)
        .await;
    merchant.pays(&payout, "begin", &theirs.begin("one")).await;
    let unknown = json!({ "payer": "one", "state": "unknown" });
    merchant.pays(&payout, "outcome", &unknown).await;
    merchant.pays(&payout, "outcome", &theirs.paid("one")).await;
    merchant.server.create("5", "coffee").await;
    let (_, events) = merchant.get(&admin, "/api/v1/events").await;
    let events = events["events"].as_array().unwrap();
    let types: Vec<_> = events
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        types,
        [
            "payout.ordered",
            "payout.approved",
            "payout.paying",
            "payout.unknown",
            "payout.paid",
            "invoice.created"
        ]
    );
    for event in &events[..5] {
        let data = event["data"].as_object().unwrap();
        assert_eq!(
            (&data["invoice"], &event["invoice"]),
            (&Value::Null, &Value::Null)
        );
        assert_eq!(data["payout"]["id"], payout["id"]);
        assert_eq!(
            data["payout"]["state"],
            event["type"].as_str().unwrap().replace("payout.", "")
        );
        let text = event.to_string();
        for private in ["alice", "Alice", &theirs.preimage()] {
            assert!(!text.contains(private), "{text}");
        }
    }
    assert_eq!(events[5]["data"]["payout"], Value::Null);
    let (_, some) = merchant
        .get(&admin, "/api/v1/events?types=payout.unknown,payout.paid")
        .await;
    assert_eq!(some["events"].as_array().unwrap().as_slice(), &events[3..5]);
    // A stream tells the same.
    let after = events[3]["sequence"].as_u64().unwrap();
    let path = format!("/api/v1/events/stream?after={after}&types=payout.paid");
    let mut stream = merchant
        .request(&admin, Method::GET, &path)
        .send()
        .await
        .unwrap();
    let mut told = String::new();
    while !told.contains("\n\n") {
        told += std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap();
    }
    assert!(told.contains("event: payout.paid"), "{told}");
    let data = told
        .lines()
        .find_map(|line| line.strip_prefix("data: "))
        .unwrap();
    let data: Value = serde_json::from_str(data).unwrap();
    assert_eq!(data, events[4]);
    // And so does the webhook that wants it.
    let received = receiver.wait_for(1).await;
    let told: Value = serde_json::from_slice(&received[0].body).unwrap();
    assert_eq!(told["type"], "payout.paid");
    assert_eq!(told["data"], events[4]["data"]);
    assert_eq!(told["sequence"], events[4]["sequence"]);
}

#[tokio::test]
async fn a_buyers_stream_and_charge_know_nothing_of_payouts() {
    let merchant = Merchant::open().await;
    let body = json!({ "destination": "alice@shop.example", "amount_msat": 21_000 });
    merchant.ordered("a", &body).await;
    let invoice = merchant.server.create("5", "coffee").await;
    let path = format!(
        "/check_invoice/{}/events",
        invoice["label"].as_str().unwrap()
    );
    let mut stream = merchant
        .server
        .request(Method::GET, &path)
        .send()
        .await
        .unwrap();
    let told = stream.chunk().await.unwrap().unwrap();
    let told = std::str::from_utf8(&told).unwrap();
    assert!(
        told.contains("invoice.created") && !told.contains("payout"),
        "{told}"
    );
    let (_, read) = answer(merchant.server.request(Method::GET, "/readyz").send().await).await;
    assert_eq!(read["status"], "ready");
}
