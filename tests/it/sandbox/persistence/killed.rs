//! A node in another process: killed, and with a disk that is full.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::Stdio;

use facture_sandbox::SandboxNode;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::Home;
use crate::sandbox::support::{DEADLINE, Raw};

/// Tells the test that is run in another process where its node is kept.
const DIRECTORY: &str = "FACTURE_TEST_SANDBOX";

impl Home {
    /// A node in a process of its own, with a limit on the size of the files that it writes, in blocks of 512 bytes.
    async fn elsewhere(&self, limit: &str) -> Child {
        let mut child = Command::new("/bin/sh")
            .args(["-c", "trap '' XFSZ; ulimit -f \"$0\" && exec \"$@\"", limit])
            .arg(std::env::current_exe().unwrap())
            .args([
                "--ignored",
                "--exact",
                "sandbox::persistence::killed::another_process",
            ])
            .env(DIRECTORY, self.directory.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await.unwrap() {
                if line.ends_with("ready") {
                    return;
                }
            }
            panic!("it ended");
        };
        tokio::time::timeout(DEADLINE, ready).await.unwrap();
        child
    }
}

#[tokio::test]
#[ignore = "the other process of the tests below"]
async fn another_process() {
    let Some(directory) = std::env::var_os(DIRECTORY) else {
        return;
    };
    let directory = Path::new(&directory);
    let kept = directory.join("deep").join("kept");
    let _node = SandboxNode::start_in(&directory.join("lightning-rpc"), &kept)
        .await
        .unwrap();
    // Past the harness, which would keep it until the end.
    writeln!(std::io::stdout(), "\nready").unwrap();
    // Until the process that started it is gone.
    let end = tokio::task::spawn_blocking(|| std::io::read_to_string(std::io::stdin()));
    end.await.unwrap().unwrap();
}

#[tokio::test]
async fn only_one_node_is_kept_in_a_directory() {
    let home = Home::new();
    let node = home.start().await;
    let (kind, text) = home.refusal().await;
    assert_eq!(kind, ErrorKind::ResourceBusy);
    let expected = format!(
        "{}: another sandbox node keeps its ledger here",
        home.ledger().display()
    );
    assert_eq!(text, expected);
    // A stopped node can be started again, so it stays the only one.
    node.stop().await;
    assert_eq!(home.refusal().await.0, ErrorKind::ResourceBusy);
    drop(node);
    let mut child = home.elsewhere("unlimited").await;
    assert_eq!(home.refusal().await.0, ErrorKind::ResourceBusy);
    child.kill().await.unwrap();
    home.start().await;
}

#[tokio::test]
async fn what_was_answered_outlives_a_kill() {
    const CALLS: usize = 200;
    for answers in [1, 10, 60] {
        let home = Home::new();
        let mut child = home.elsewhere("unlimited").await;
        let mut raw = Raw::connect(&home.rpc_file()).await;
        let id = raw.call("getinfo", json!({})).await["result"]["id"].clone();
        for number in 0..CALLS {
            let params = json!([1000, format!("l{number}"), "d"]);
            raw.ask(&format!("i{number}"), "invoice", params).await;
        }
        // Not in the order in which they were made.
        let mut answered = Vec::new();
        while let Some(answer) = raw.next().await {
            let invoice = serde_json::from_str::<Value>(&answer).unwrap()["result"].take();
            answered.push(invoice);
            if answered.len() < answers {
                let bolt11 = &answered[answered.len() - 1]["bolt11"];
                let paid = home.call("xpay", json!([bolt11])).await;
                assert!(paid["result"]["payment_preimage"].is_string(), "{paid}");
            } else if answered.len() == answers {
                child.start_kill().unwrap();
            }
        }
        child.wait().await.unwrap();

        let node = home.start().await;
        assert_eq!(node.id(), id);
        let listed = home.call("listinvoices", json!({"index": "created"})).await;
        let listed = listed["result"]["invoices"].as_array().unwrap();
        assert!((answered.len()..=CALLS).contains(&listed.len()));
        for (invoice, index) in listed.iter().zip(1..) {
            assert_eq!(invoice["created_index"], json!(index));
        }
        for (position, invoice) in answered.iter().enumerate() {
            let index = usize::try_from(invoice["created_index"].as_u64().unwrap()).unwrap();
            let kept = &listed[index - 1];
            assert_eq!(kept["bolt11"], invoice["bolt11"]);
            let status = if position + 1 < answers {
                "paid"
            } else {
                "unpaid"
            };
            assert_eq!(kept["status"], status);
        }
    }
}

#[tokio::test]
async fn on_a_full_disk_nothing_changes() {
    const BLOCKS: u64 = 16;
    let home = Home::new();
    let mut child = home.elsewhere(&BLOCKS.to_string()).await;
    let mut invoices = Vec::new();
    let failed = loop {
        let params = json!([1000, format!("l{}", invoices.len()), "d"]);
        let answer = home.call("invoice", params).await;
        match answer["result"]["bolt11"].as_str() {
            Some(bolt11) => invoices.push(bolt11.to_owned()),
            None => break answer,
        }
    };
    let size = fs::metadata(home.ledger()).unwrap().len();
    assert_eq!(size, BLOCKS * 512, "full, with a torn line");
    // Payments are shorter, so some may go over the torn line; they do not all.
    let mut answers = vec![failed];
    for bolt11 in &invoices {
        answers.push(home.call("xpay", json!([bolt11])).await);
    }
    answers.retain(|answer| answer["error"].is_object());
    assert!(answers.len() > 1, "{answers:?}");
    for answer in answers {
        assert_eq!(answer["error"]["code"], -1, "{answer}");
        let text = answer["error"]["message"].as_str().unwrap();
        assert!(
            text.starts_with("The sandbox cannot write its ledger: "),
            "{text}"
        );
    }
    let before = home.seen().await;
    child.kill().await.unwrap();

    let node = home.start().await;
    assert_eq!(home.seen().await, before);
    assert_eq!(node.invoice_count(), invoices.len());
    node.pay(invoices.last().unwrap(), None).unwrap();
    home.invoice("more", 1000, 60).await;
}
