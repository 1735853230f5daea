//! Records that were restored from a backup, or lost: a client that remembers the number of an event misses none.

use std::{fs, path::Path};

use facture::web::Mode;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    Shop, config_with_token,
    events::{read, types},
};
use crate::{
    harness::{
        Server,
        receiver::{Received, Receiver},
    },
    world::Sandbox,
};

/// A shop whose records are in a directory that can be copied.
async fn open(sandbox: Sandbox, records: &Path) -> Shop {
    let settings = [
        ("STORE__DATA_DIR", records.to_str().unwrap()),
        ("WEBHOOKS__ALLOW_PRIVATE", "true"),
    ];
    let mode = Mode::Sandbox(sandbox.node.clone().into());
    let server = Server::start(config_with_token(&settings), mode).await;
    Shop { sandbox, server }
}

async fn close(shop: Shop) -> Sandbox {
    shop.server.stop().await.unwrap();
    shop.sandbox
}

fn copy(from: &Path, to: &Path) {
    if to.exists() {
        fs::remove_dir_all(to).unwrap();
    }
    fs::create_dir(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

async fn paid(shop: &Shop, count: u64) -> Vec<Value> {
    let mut labels = Vec::new();
    for number in 1..=count {
        let invoice = shop.create(&json!({ "amount_sat": number })).await;
        let bolt11 = invoice["bolt11"].as_str().unwrap();
        shop.sandbox.node.pay(bolt11, None).unwrap();
        let label = invoice["label"].as_str().unwrap();
        let wait = format!("/api/v1/invoices/{label}/wait");
        assert_eq!(shop.get(&wait).await.1["status"], "paid");
        labels.push(invoice["label"].clone());
    }
    labels
}

async fn cancelled(shop: &Shop, count: u64) {
    for number in 1..=count {
        let invoice = shop.create(&json!({ "amount_sat": number })).await;
        let label = invoice["label"].as_str().unwrap();
        let cancel = format!("/api/v1/invoices/{label}/cancel");
        let (_, answer) = shop.post(&cancel, &json!({})).await;
        assert_eq!(answer["status"], "expired", "{answer}");
    }
}

/// What is told after this number, by the list and by the stream, which must be the same.
async fn after(shop: &Shop, number: u64, count: usize) -> Vec<Value> {
    let stream = shop
        .call(Method::GET, "/api/v1/events/stream")
        .header("last-event-id", number.to_string());
    let told = read(stream, count).await;
    let (_, listed) = shop.get(&format!("/api/v1/events?after={number}")).await;
    assert_eq!(listed["events"], json!(told));
    told
}

async fn last(shop: &Shop) -> u64 {
    let (_, log) = shop.get("/api/v1/events?limit=100").await;
    log["next_after"].as_u64().unwrap()
}

fn labels_of(events: &[Value], kind: &str) -> Vec<Value> {
    let events = events.iter().filter(|event| event["type"] == kind);
    events
        .map(|event| event["invoice"]["label"].clone())
        .collect()
}

#[tokio::test]
async fn after_a_restored_backup_every_payment_is_told_to_whoever_keeps_a_number() {
    let directory = tempfile::tempdir().unwrap();
    let (records, backup) = (
        directory.path().join("records"),
        directory.path().join("backup"),
    );
    let shop = open(Sandbox::start().await, &records).await;
    paid(&shop, 4).await;
    let sandbox = close(shop).await;
    copy(&records, &backup);

    let shop = open(sandbox, &records).await;
    cancelled(&shop, 5).await;
    let kept = last(&shop).await;
    let sandbox = close(shop).await;
    copy(&backup, &records);

    let shop = open(sandbox, &records).await;
    let orders = paid(&shop, 6).await;
    let told = after(&shop, kept, 12).await;
    assert_eq!(labels_of(&told, "invoice.paid"), orders);
    assert_eq!(labels_of(&told, "invoice.created"), orders);

    // Once more, with nothing left: all is told again, under numbers that were never given.
    let kept = last(&shop).await;
    let sandbox = close(shop).await;
    fs::remove_dir_all(&records).unwrap();
    let shop = open(sandbox, &records).await;
    let told = after(&shop, kept, 20).await;
    assert_eq!(types(&told).len(), 20);
    let payments = labels_of(&told, "invoice.paid");
    assert!(
        orders.iter().all(|order| payments.contains(order)),
        "{payments:?}"
    );
    close(shop).await;
}

#[tokio::test]
async fn a_payment_that_is_told_again_has_the_same_webhook_id() {
    let directory = tempfile::tempdir().unwrap();
    let (records, backup) = (
        directory.path().join("records"),
        directory.path().join("backup"),
    );
    let shop = open(Sandbox::start().await, &records).await;
    let receiver = Receiver::start().await;
    let url = receiver.url("/hook");
    let webhook = json!({ "url": url, "types": ["invoice.paid"] });
    let (_, made) = shop.post("/api/v1/webhooks", &webhook).await;
    assert_eq!(made["url"], *url, "{made}");
    let sandbox = close(shop).await;
    copy(&records, &backup);

    let shop = open(sandbox, &records).await;
    paid(&shop, 2).await;
    let first = receiver.wait_for(2).await;
    let sandbox = close(shop).await;
    copy(&backup, &records);

    let shop = open(sandbox, &records).await;
    let told = receiver.wait_for(4).await;
    let ids = |told: &[Received]| -> Vec<String> {
        let mut ids: Vec<String> = told.iter().map(|told| told.id().to_owned()).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&told[2..]), ids(&first));
    let sequence = |told: &Received| told.json()["sequence"].as_u64().unwrap();
    let highest = first.iter().map(sequence).max().unwrap();
    assert!(told[2..].iter().all(|told| sequence(told) > highest));
    close(shop).await;
}
