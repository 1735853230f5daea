//! A node that was put back to an older state and went on from there, until its indexes are beyond ours again.

use std::{fs, path::PathBuf, time::Duration};

use facture_sandbox::SandboxNode;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{task::yield_now, time::timeout};

use super::{bolt11, call, server};
use crate::{
    contract::path_of,
    harness::{Server, TIMEOUT},
};

/// A node whose files can be saved and put back.
struct Home {
    directory: TempDir,
}

impl Home {
    fn new() -> Self {
        let directory = tempfile::Builder::new().prefix("facture-").tempdir();
        Self {
            directory: directory.expect("a directory"),
        }
    }

    fn rpc_file(&self) -> PathBuf {
        self.directory.path().join("lightning-rpc")
    }

    fn files(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    async fn start(&self) -> SandboxNode {
        SandboxNode::start_in(&self.rpc_file(), &self.files("node"))
            .await
            .expect("a node")
    }

    async fn server(&self) -> Server {
        server(&self.rpc_file(), &self.files("records"), &[]).await
    }

    fn copy(&self, from: &str, to: &str) {
        let to = self.files(to);
        let _ = fs::remove_dir_all(&to);
        fs::create_dir(&to).expect("a directory");
        for entry in fs::read_dir(self.files(from)).expect("files") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name");
            fs::copy(&path, to.join(name)).expect("copied");
        }
        // A node's files are its owner's.
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&to, fs::Permissions::from_mode(0o700)).expect("private");
    }

    async fn stop(&self, node: SandboxNode) {
        node.stop().await;
        drop(node);
    }

    /// Other programs' invoices.
    async fn strangers(&self, name: &str, count: usize, expiry: u64) -> Vec<Value> {
        let mut made = Vec::new();
        for number in 0..count {
            let params = json!({ "amount_msat": 1000, "label": format!("{name} {number}"),
                "description": "d", "expiry": expiry });
            made.push(call(&self.rpc_file(), "invoice", params).await);
        }
        made
    }
}

async fn ready(home: &Home) -> Server {
    fs::create_dir_all(home.files("records")).expect("a directory");
    home.server().await
}

/// Following begins anew, and is as far as it gets.
async fn followed_again(node: &SandboxNode) {
    let waits = node.calls("waitanyinvoice");
    node.close_connections().await;
    let begun = async {
        while node.calls("waitanyinvoice") == waits {
            yield_now().await;
        }
    };
    timeout(TIMEOUT, begun).await.expect("in time");
}

/// More than are looked at again after each start.
const MANY: usize = 40;

#[tokio::test]
async fn what_happened_under_old_numbers_is_not_passed_over() {
    let home = Home::new();
    let node = home.start().await;
    let server = ready(&home).await;
    let invoice = server.create("1", "paid under an old number").await;
    home.strangers("expiring", MANY, 50).await;
    home.copy("node", "backup");
    node.advance(Duration::from_secs(60));
    // It is followed to the end, and what was made is not walked through again after this.
    followed_again(&node).await;
    server
        .json_until(&path_of(&invoice), |read| read["stale_since"].is_null())
        .await;
    server.stop().await.expect("in order");

    home.stop(node).await;
    home.copy("backup", "node");
    let node = home.start().await;
    // The first of the new updates; the others are as before, but for their numbers.
    node.pay(bolt11(&invoice), None).expect("paid");
    node.advance(Duration::from_secs(60));
    let server = home.server().await;
    let (_, read) = server.json(&path_of(&invoice)).await;
    assert_eq!(
        (&read["status"], &read["stale_since"]),
        (&"paid".into(), &Value::Null)
    );
}

#[tokio::test]
async fn an_invoice_that_it_never_made_is_not_to_be_paid() {
    let home = Home::new();
    let node = home.start().await;
    let server = ready(&home).await;
    let stays = server.create("1", "before the backup").await;
    home.copy("node", "backup");
    let lost = server.create("1", "after the backup").await;
    server.stop().await.expect("in order");

    home.stop(node).await;
    home.copy("backup", "node");
    let node = home.start().await;
    // Nothing was updated or deleted, and as much was made as before.
    home.strangers("instead", 1, 3600).await;
    let server = home.server().await;
    let (_, read) = server.json(&path_of(&lost)).await;
    assert_eq!(read["status"], "expired", "{read}");
    let (_, read) = server.json(&path_of(&stays)).await;
    assert_eq!(read["status"], "unpaid");
    node.pay(bolt11(&stays), None).expect("paid");
    let (_, read) = server.json(&path_of(&stays)).await;
    assert_eq!(read["status"], "paid");
}

/// While we follow: the node comes back as another copy of itself.
#[tokio::test]
async fn it_is_noticed_while_we_run() {
    let home = Home::new();
    let node = home.start().await;
    let server = ready(&home).await;
    let invoice = server.create("1", "paid under an old number").await;
    home.strangers("expiring", MANY, 50).await;
    home.copy("node", "backup");
    node.advance(Duration::from_secs(60));
    server
        .json_until(&path_of(&invoice), |read| read["stale_since"].is_null())
        .await;
    // What is remembered is written down at the next start of following.
    followed_again(&node).await;

    home.stop(node).await;
    home.copy("backup", "node");
    let other = TempDir::new().expect("a directory");
    // Where nobody looks for it yet.
    let rpc_file = other.path().join("rpc");
    let node = SandboxNode::start_in(&rpc_file, &home.files("node"))
        .await
        .expect("a node");
    node.pay(bolt11(&invoice), None).expect("paid");
    node.advance(Duration::from_secs(60));
    home.stop(node).await;
    let _node = home.start().await;
    let read = server
        .json_until(&path_of(&invoice), |read| read["stale_since"].is_null())
        .await;
    assert_eq!(read["status"], "paid", "{read}");
}

/// What is as it was need not be read again.
#[tokio::test]
async fn a_node_that_went_on_is_not_read_from_the_first() {
    let home = Home::new();
    let node = home.start().await;
    let made = home.strangers("paid", 350, 3600).await;
    for invoice in &made {
        node.pay(bolt11(invoice), None).expect("paid");
    }
    let server = ready(&home).await;
    let invoice = server.create("1", "open").await;
    server.stop().await.expect("in order");
    let before = node.calls("listinvoices");
    let server = home.server().await;
    let (_, read) = server.json(&path_of(&invoice)).await;
    assert_eq!(read["status"], "unpaid");
    let calls = node.calls("listinvoices") - before;
    // What is remembered, the newest open one, the ends of both lists.
    assert!(calls <= 6, "{calls}");
}
