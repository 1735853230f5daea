//! A node that is kept in a directory: restarts, kills, full disks, damage.

mod damage;
mod killed;

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use facture_sandbox::{PayError, SandboxNode};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::support::Raw;

/// Where a node is kept, between its runs.
struct Home {
    directory: TempDir,
}

impl Home {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
        }
    }

    fn rpc_file(&self) -> PathBuf {
        self.directory.path().join("lightning-rpc")
    }

    fn kept(&self) -> PathBuf {
        self.directory.path().join("deep").join("kept")
    }

    fn ledger(&self) -> PathBuf {
        self.kept().join("sandbox-ledger.jsonl")
    }

    async fn start(&self) -> SandboxNode {
        SandboxNode::start_in(&self.rpc_file(), &self.kept())
            .await
            .unwrap()
    }

    async fn refusal(&self) -> (ErrorKind, String) {
        let other = self.directory.path().join("other-rpc");
        let error = SandboxNode::start_in(&other, &self.kept())
            .await
            .unwrap_err();
        (error.kind(), error.to_string())
    }

    async fn call(&self, method: &str, params: Value) -> Value {
        Raw::connect(&self.rpc_file())
            .await
            .call(method, params)
            .await
    }

    async fn invoice(&self, label: &str, amount: impl Into<Value>, expiry: u64) -> String {
        let params = json!({"amount_msat": amount.into(), "label": label, "description": "d", "expiry": expiry});
        let answer = self.call("invoice", params).await;
        answer["result"]["bolt11"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"))
            .to_owned()
    }

    /// All that a client can ask about.
    async fn seen(&self) -> Vec<Value> {
        let mut seen = vec![self.call("getinfo", json!({})).await];
        for index in ["created", "updated", "deleted"] {
            seen.push(
                self.call("listinvoices", json!({"index": index, "start": 0}))
                    .await,
            );
            seen.push(self.call("wait", json!(["invoices", index, 0])).await);
        }
        for after in 0..2 {
            let params = json!({"lastpay_index": after, "timeout": 0});
            seen.push(self.call("waitanyinvoice", params).await);
        }
        seen
    }
}

/// Stops a node and lets go of it.
async fn leave(node: SandboxNode) {
    // Its socket is dead at once then; the end of the process would do it otherwise.
    node.stop().await;
}

#[tokio::test]
async fn a_new_process_goes_on_where_the_last_one_was() {
    let home = Home::new();
    let node = home.start().await;
    let paid = home.invoice("paid", 1000, 3600).await;
    home.invoice("gone", 1000, 3600).await;
    let any = home.invoice("any \u{e9}\n\"", "any", 3600).await;
    home.invoice("expired", 1000, 60).await;
    let open = home.invoice("open", 1000, 100_000).await;
    node.pay(&any, Some(77)).unwrap();
    node.pay(&paid, Some(1500)).unwrap();
    home.call("delinvoice", json!(["gone", "unpaid"])).await;
    home.call(
        "delinvoice",
        json!({"label": "paid", "status": "paid", "desconly": true}),
    )
    .await;
    // Further than the next process's clock.
    node.advance(Duration::from_secs(61));
    let (before, id) = (home.seen().await, node.id());
    leave(node).await;

    let node = home.start().await;
    assert_eq!(node.id(), id);
    assert_eq!(home.seen().await, before);
    assert_eq!(node.pay(&paid, None), Err(PayError::AlreadyPaid));
    let again = home.call("pay", json!([any, 77])).await;
    assert!(again["result"]["payment_preimage"].is_string(), "{again}");
    assert_eq!(node.pay(&open, None).unwrap().pay_index, 3);
    let next = home.invoice("next", 1000, 60).await;
    assert_eq!(
        home.call("wait", json!(["invoices", "created", 0])).await["result"]["created"],
        6
    );
    leave(node).await;

    let node = home.start().await;
    assert_eq!(node.pay(&next, None).unwrap().pay_index, 4);
    let refused = home
        .call("invoice", json!([1000, "open", "the same label"]))
        .await;
    assert_eq!(refused["error"]["code"], 900);
}

#[tokio::test]
async fn what_expired_meanwhile_is_expired() {
    let home = Home::new();
    let node = home.start().await;
    let bolt11 = home.invoice("x", 1000, 0).await;
    leave(node).await;
    let node = home.start().await;
    let written = fs::read_to_string(home.ledger()).unwrap();
    assert!(
        written.lines().last().unwrap().starts_with("{\"expired\":"),
        "{written}"
    );
    assert!(matches!(node.pay(&bolt11, None), Err(PayError::Expired(_))));
}

#[tokio::test]
async fn only_the_owner_can_read_it() {
    let home = Home::new();
    let _node = home.start().await;
    home.invoice("x", 1000, 60).await;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&home.kept()), 0o700);
    let mut names: Vec<_> = fs::read_dir(home.kept())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["sandbox-key", "sandbox-ledger.jsonl"]);
    for name in names {
        assert_eq!(mode(&home.kept().join(&name)), 0o600, "{name:?}");
    }
}
