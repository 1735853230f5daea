//! Several factures on one node: each has its own invoices, and those that share a prefix by mistake are warned.

use std::{fs, path::PathBuf};

use cln_rpc::ClnRpc;
use facture_domain::LabelPrefix;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    contract::path_of,
    program::{Running, Visitor, reconcile, run_beside, serve},
    world::Sandbox,
};

/// A node and the data directories of its factures.
struct Node {
    sandbox: Sandbox,
    directory: TempDir,
}

impl Node {
    async fn start() -> Self {
        Self {
            sandbox: Sandbox::start().await,
            directory: tempfile::tempdir().expect("a directory"),
        }
    }

    fn records(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn log(&self, name: &str) -> String {
        fs::read_to_string(self.records(&format!("{name}.log"))).expect("a log")
    }

    async fn facture(&self, name: &str, settings: &[(&str, &str)]) -> (Running, Visitor) {
        let mut command = serve(self.sandbox.node.rpc_file(), &self.records(name));
        for (key, value) in settings {
            command.env(format!("FACTURE_{key}"), value);
        }
        let mut running = Running::logged(command, &self.records(&format!("{name}.log")));
        let visitor = running.visitor().await;
        visitor.ready().await;
        (running, visitor)
    }

    async fn make(&self, label: &str) {
        let mut client = ClnRpc::new(self.sandbox.node.rpc_file())
            .await
            .expect("a connection");
        let invoice = json!({ "amount_msat": 1000, "label": label, "description": "of before" });
        let _: Value = client.call_raw("invoice", &invoice).await.expect("made");
    }
}

async fn create(visitor: &Visitor, description: &str) -> Value {
    let (status, made) = visitor.submit("5", description).await.expect("an answer");
    assert_eq!(status, StatusCode::CREATED, "{made}");
    made
}

async fn sees(visitor: &Visitor, invoice: &Value) -> bool {
    let (status, _) = visitor.json(&path_of(invoice)).await.expect("an answer");
    status == StatusCode::OK
}

#[tokio::test]
async fn a_second_facture_on_a_node_is_warned_and_takes_in_nothing_of_the_first() {
    let node = Node::start().await;
    let (first, one) = node.facture("first", &[]).await;
    let before = create(&one, "before the second").await;
    let (second, two) = node.facture("second", &[]).await;
    assert!(
        node.log("second")
            .contains("another facture on this machine")
    );
    let (after, theirs) = (
        create(&one, "after it").await,
        create(&two, "the second's").await,
    );
    for invoice in [&before, &after] {
        assert!(sees(&one, invoice).await && !sees(&two, invoice).await);
    }
    assert!(sees(&two, &theirs).await && !sees(&one, &theirs).await);
    // Neither do payments and commands.
    node.sandbox
        .node
        .pay(after["bolt11"].as_str().expect("text"), None)
        .expect("paid");
    one.json_until(&path_of(&after), |read| read["status"] == "paid")
        .await;
    let printed = run_beside(reconcile(
        node.sandbox.node.rpc_file(),
        &node.records("second"),
    ))
    .await;
    assert_eq!(
        printed.1,
        "3 invoices on the node, 2 of them not ours; 0 adopted, 0 changed, 0 cancelled\n"
    );
    assert!(!sees(&two, &after).await);
    assert!(
        node.log("second").contains("adopt_labels"),
        "how to take them all the same"
    );
    // So it stays when the first is not there.
    assert!(first.terminate().await.success());
    assert!(second.terminate().await.success());
    let (second, two) = node.facture("second", &[]).await;
    assert!(!sees(&two, &before).await && sees(&two, &theirs).await);
    assert!(second.terminate().await.success());
}

#[tokio::test]
async fn with_the_key_alone_everything_is_rebuilt() {
    let node = Node::start().await;
    let (running, one) = node.facture("shop", &[]).await;
    let mine = create(&one, "mine").await;
    let (other, two) = node.facture("other", &[]).await;
    let theirs = create(&two, "theirs").await;
    assert!(running.terminate().await.success());
    for lost in ["facture.db", "facture.db-wal", "facture.db-shm"] {
        let _ = fs::remove_file(node.records("shop").join(lost));
    }
    let (running, one) = node.facture("shop", &[]).await;
    assert!(sees(&one, &mine).await && !sees(&one, &theirs).await);
    assert!(running.terminate().await.success());
    assert!(other.terminate().await.success());
}

#[tokio::test]
async fn with_everything_lost_everything_is_taken_and_said_to_be() {
    let node = Node::start().await;
    let (running, one) = node.facture("shop", &[]).await;
    let mine = create(&one, "mine").await;
    assert!(running.terminate().await.success());
    fs::remove_dir_all(node.records("shop")).expect("lost");
    let (running, one) = node.facture("shop", &[]).await;
    assert!(sees(&one, &mine).await);
    let log = node.log("shop");
    assert!(log.contains("records and label.key are new"), "{log}");
    assert!(running.terminate().await.success());
    // Unless another facture is there, or it is told not to; then it can be told to.
    let (other, two) = node
        .facture("other", &[("INVOICE__ADOPT_LABELS", "own")])
        .await;
    assert!(!sees(&two, &mine).await);
    assert!(other.terminate().await.success());
    let (other, two) = node
        .facture("other", &[("INVOICE__ADOPT_LABELS", "prefix")])
        .await;
    let mut command = reconcile(node.sandbox.node.rpc_file(), &node.records("other"));
    command.env("FACTURE_INVOICE__ADOPT_LABELS", "prefix");
    let (_, printed, complaint) = run_beside(command).await;
    assert!(printed.contains("1 adopted"), "{printed}{complaint}");
    assert!(sees(&two, &mine).await);
    assert!(other.terminate().await.success());
}

/// An installation of before there were keys: its labels have none, and the last one was not stored.
#[tokio::test]
async fn labels_of_before_there_was_a_key_stay_ours() {
    let node = Node::start().await;
    let old = LabelPrefix::default().random_label();
    node.make(old.as_str()).await;
    let (running, _) = node.facture("shop", &[]).await;
    assert!(running.terminate().await.success());
    fs::remove_file(node.records("shop").join("label.key")).expect("as it was before");
    let unstored = LabelPrefix::default().random_label();
    node.make(unstored.as_str()).await;
    let (running, one) = node.facture("shop", &[]).await;
    for label in [&old, &unstored] {
        assert!(sees(&one, &json!({ "label": label.as_str() })).await);
    }
    // Those that come later are not.
    let later = LabelPrefix::default().random_label();
    node.make(later.as_str()).await;
    let mine = create(&one, "with the key").await;
    assert!(running.terminate().await.success());
    let (running, one) = node.facture("shop", &[]).await;
    assert!(sees(&one, &mine).await && !sees(&one, &json!({ "label": later.as_str() })).await);
    assert!(running.terminate().await.success());
}
