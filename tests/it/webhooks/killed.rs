//! Killed between a payment and the receiver's answer, again and again: every payment is told at least once.

use std::{collections::BTreeMap, path::Path};

use facture_domain::{
    EventKind,
    hook::{Kinds, NewEndpoint},
};
use facture_store::Store;
use serde_json::Value;

use super::{
    hook,
    receiver::{Received, Receiver, Reply},
};
use crate::{
    program::{Running, serve},
    world::Sandbox,
};

fn start(sandbox: &Sandbox, directory: &Path) -> Running {
    let mut command = serve(sandbox.node.rpc_file(), &directory.join("records"));
    command.env("FACTURE_WEBHOOKS__ALLOW_PRIVATE", "true");
    Running::logged(command, &directory.join("log"))
}

fn label(received: &Received) -> Value {
    received.json()["data"]["invoice"]["label"].clone()
}

/// How often a payment was told.
fn told(received: &[Received], invoice: &Value) -> usize {
    let same = |one: &&Received| label(one) == invoice["label"];
    received.iter().filter(same).count()
}

/// Starts the program, which makes an invoice.
async fn sell(sandbox: &Sandbox, directory: &Path) -> (Value, Running) {
    let mut running = start(sandbox, directory);
    let visitor = running.visitor().await;
    visitor.ready().await;
    let (_, invoice) = visitor.submit("5", "coffee").await.expect("an invoice");
    (invoice, running)
}

fn pay(sandbox: &Sandbox, invoice: &Value) {
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
    sandbox.node.pay(bolt11, None).expect("the buyer pays");
}

#[tokio::test]
async fn killed_before_the_answer_it_sends_again_under_the_same_number() {
    let sandbox = Sandbox::start().await;
    let directory = tempfile::tempdir().expect("a directory");
    let receiver = Receiver::start().await;
    let store = Store::open(&directory.path().join("records"))
        .await
        .expect("the records");
    let new = NewEndpoint {
        hook: hook(&receiver.url("/")),
        kinds: Kinds::Only(vec![EventKind::Paid]),
    };
    store.create_endpoint(new).await.expect("an endpoint");
    store.close().await;

    let mut sold = Vec::new();
    for _ in 0..3 {
        // It learns of the payment and never answers.
        receiver.answer((0..100).map(|_| Reply::Hang));
        let (coffee, running) = sell(&sandbox, directory.path()).await;
        pay(&sandbox, &coffee);
        receiver
            .wait_until(|received| told(received, &coffee) >= 1)
            .await;
        running.kill().await;
        // It comes again, and the next is paid while nobody looks.
        receiver.forget_replies();
        let (tea, running) = sell(&sandbox, directory.path()).await;
        receiver
            .wait_until(|received| told(received, &coffee) >= 2)
            .await;
        running.kill().await;
        pay(&sandbox, &tea);
        sold.extend([coffee, tea]);
    }
    let mut running = start(&sandbox, directory.path());
    running.visitor().await.ready().await;
    let received = receiver
        .wait_until(|received| sold.iter().all(|sold| told(received, sold) >= 1))
        .await;
    let mut ids: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for one in &received {
        ids.entry(label(one).to_string())
            .or_default()
            .push(one.id());
    }
    assert_eq!(ids.len(), sold.len());
    for (label, ids) in &ids {
        assert!(ids.iter().all(|id| id == &ids[0]), "{label}: {ids:?}");
    }
    assert!(running.terminate().await.success());
}
