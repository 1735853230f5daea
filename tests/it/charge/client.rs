//! Lightning Charge's own client, `lightning-charge-client` from npm, drives facture. `.ci/run` installs it.

use facture_test_support::report::skipped;
use std::{path::Path, process::Stdio};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::Command,
    time::timeout,
};

use super::Shop;
use crate::{api::TOKEN, harness::TIMEOUT};

#[tokio::test]
async fn the_published_client_is_content() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let modules = root.join("target/node/node_modules");
    if !modules.join("lightning-charge-client").exists() {
        let modules = modules.display();
        return skipped(&format!(
            "npm has not installed lightning-charge-client in {modules}"
        ));
    }
    let shop = Shop::open().await;
    let mut client = Command::new("node")
        .arg(root.join("tests/clients/charge.js"))
        .args([shop.server.origin.as_str(), TOKEN])
        .env("NODE_PATH", modules)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("node");
    let mut said = BufReader::new(client.stdout.take().unwrap()).lines();
    let mut answers = client.stdin.take().unwrap();
    let driven = async {
        while let Some(line) = said.next_line().await.unwrap() {
            if line == "done" {
                return true;
            }
            shop.sandbox.node.pay(&line, None).unwrap();
            answers.write_all(b"paid\n").await.unwrap();
        }
        false
    };
    let done = timeout(TIMEOUT, driven).await.expect("in time");
    assert!(done, "its standard error says why");
}
