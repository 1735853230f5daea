//! Receipt numbers on the paid page and in JSON; what happens to them when facture was away.

use std::time::Duration;

use serde_json::Value;

use crate::{
    contract::World,
    harness::{Page, Server},
    world::Sandbox,
};

async fn paid(sandbox: &Sandbox, server: &Server, made: &Value) -> Value {
    let bolt11 = made["bolt11"].as_str().expect("a BOLT 11 string");
    sandbox.pay(bolt11, None).await;
    let path = path(made);
    server
        .json_until(&path, |found| found["status"] == "paid")
        .await
}

fn path(made: &Value) -> String {
    format!("/check_invoice/{}", made["label"].as_str().expect("one"))
}

/// The series and the number.
fn receipt(invoice: &Value) -> (String, u64) {
    let text = invoice["receipt_number"].as_str().expect("a number");
    let (series, number) = text.rsplit_once('-').expect("a series");
    (series.to_owned(), number.parse().expect("a number"))
}

#[tokio::test]
async fn payments_are_counted_in_the_order_in_which_they_arrive() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    let first = server.create("5", "first").await;
    let second = server.create("6", "second").await;
    assert_eq!(first["receipt_number"], Value::Null);
    let second = paid(&sandbox, &server, &second).await;
    let first = paid(&sandbox, &server, &first).await;
    let (series, number) = receipt(&second);
    assert_eq!(number, 1);
    assert_eq!(receipt(&first), (series, 2));
    for language in ["en", "ar", "ja"] {
        let page: Page = server
            .open(&format!("{}?lang={language}", path(&first)))
            .await;
        assert_eq!(
            page.text_of(".receipt"),
            first["receipt_number"],
            "{language}"
        );
    }
}

#[tokio::test]
async fn a_restart_that_misses_nothing_goes_on() {
    let sandbox = Sandbox::start().await;
    let records = tempfile::tempdir().expect("a directory");
    let settings = [("STORE__DATA_DIR", records.path().to_str().expect("text"))];
    let server = sandbox.server(&settings).await;
    let made = [
        server.create("1", "tea").await,
        server.create("2", "tea").await,
    ];
    let (series, _) = receipt(&paid(&sandbox, &server, &made[0]).await);
    server.stop().await.expect("it stops");
    let server = sandbox.server(&settings).await;
    // The node tells whole seconds.
    sandbox.node.advance(Duration::from_secs(2));
    let second = receipt(&paid(&sandbox, &server, &made[1]).await);
    assert_eq!(second, (series, 2));
}

#[tokio::test]
async fn a_payment_that_came_while_facture_was_away_begins_a_series() {
    let sandbox = Sandbox::start().await;
    let records = tempfile::tempdir().expect("a directory");
    let settings = [("STORE__DATA_DIR", records.path().to_str().expect("text"))];
    let server = sandbox.server(&settings).await;
    let made = [
        server.create("1", "tea").await,
        server.create("2", "tea").await,
    ];
    let (series, _) = receipt(&paid(&sandbox, &server, &made[0]).await);
    server.stop().await.expect("it stops");
    let bolt11 = made[1]["bolt11"].as_str().expect("a BOLT 11 string");
    sandbox.pay(bolt11, None).await;
    let server = sandbox.server(&settings).await;
    let found = server
        .json_until(&path(&made[1]), |found| found["status"] == "paid")
        .await;
    let missed = receipt(&found);
    assert!(missed.0 > series && missed.1 == 1, "{missed:?}");
}
