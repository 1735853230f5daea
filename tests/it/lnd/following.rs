//! Following an LND.

use facture_sandbox::{Calls, Hold};
use futures_util::FutureExt;
use reqwest::Method;
use tokio::time::timeout;

use super::world::Lnd;
use crate::{contract::World, harness::TIMEOUT};

#[tokio::test]
async fn a_payment_is_told_by_the_stream() {
    let lnd = Lnd::start().await;
    let server = lnd.server(&[]).await;
    server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
    for _ in 0..3 {
        let invoice = server.create("10", "a coffee").await;
        let label = invoice["label"].as_str().expect("a label");
        let path = format!("/check_invoice/{label}/events");
        let stream = server.request(Method::GET, &path).send().await;
        let stream = stream.expect("an answer");
        lnd.pay(invoice["bolt11"].as_str().expect("a text"), None)
            .await;
        let told = stream.text().await.expect("it ends with the payment");
        assert!(told.contains("invoice.paid"), "{told}");
    }
}

/// What an LND that others use too has made since the last time is read in pages of a hundred.
#[tokio::test]
async fn a_payment_is_told_while_the_invoices_of_others_are_read() {
    let lnd = Lnd::start().await;
    let records = tempfile::tempdir().expect("a directory");
    let records = records.path().to_str().expect("a plain path");
    let settings = [
        ("STORE__DATA_DIR", records),
        // A session that is lost begins by comparing, which would find the payment too.
        ("NODE__DEADLINE_SECONDS", "60"),
    ];
    let server = lnd.server(&settings).await;
    server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
    let invoice = server.create("10", "a coffee").await;
    server.stop().await.expect("in order");
    for number in 0..550 {
        lnd.foreign_invoice(&number.to_string()).await;
    }
    let faults = lnd.node.faults();
    let comparing = faults.hang(Calls::of("ListInvoices"), Hold::Call);
    let server = lnd.server(&settings).await;
    let reached = comparing.reached(1);
    timeout(TIMEOUT, reached)
        .await
        .expect("open ones are compared");
    let mut page = faults.hang(Calls::of("ListInvoices"), Hold::Call);
    comparing.release();
    let reached = page.reached(1);
    timeout(TIMEOUT, reached).await.expect("new ones are read");
    let label = invoice["label"].as_str().expect("a label");
    let path = format!("/check_invoice/{label}/events");
    let stream = server.request(Method::GET, &path).send().await;
    let told = async {
        let told = stream.expect("an answer").text().await;
        told.expect("it ends with the payment")
    };
    // What looks the invoice up would find the payment too, and so would the first page.
    let _lookups = faults.hang(Calls::of("LookupInvoice"), Hold::Call);
    for number in 2..=5 {
        let next = faults.hang(Calls::of("ListInvoices"), Hold::Call);
        page.release();
        page = next;
        timeout(TIMEOUT, page.reached(1)).await.expect("it goes on");
        if number == 2 {
            lnd.pay(invoice["bolt11"].as_str().expect("a text"), None)
                .await;
        }
    }
    // The last page is still to be read.
    let told = timeout(TIMEOUT, told).await.expect("told before the end");
    assert!(told.contains("invoice.paid"), "{told}");
    assert!(page.reached(2).now_or_never().is_none());
}
