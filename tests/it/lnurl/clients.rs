//! Wallets that others wrote, npm's `lnurl-pay` and `@getalby/lightning-tools`, pay to an address, by a link and for an item.
//! `.ci/run` installs them.

use std::{path::Path, process::Stdio};

use facture_test_support::report::skipped;
use reqwest::Method;
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::Command,
    time::timeout,
};

use crate::{api::Shop, harness::TIMEOUT, paywall::pay};

const POEM: &str = "Roses are red, violets are blue. ☕";

#[tokio::test]
async fn the_libraries_of_others_pay_and_read_what_they_bought() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let modules = root.join("target/node/node_modules");
    if ["lnurl-pay", "@getalby/lightning-tools"]
        .iter()
        .any(|name| !modules.join(name).exists())
    {
        return skipped("npm has not installed lnurl-pay in target/node");
    }
    let shop = Shop::with(&[
        ("SERVER__PUBLIC_URL", "https://shop.example"),
        ("LIGHTNING_ADDRESS__PAYER_DATA", "name"),
    ])
    .await;
    let coffee = json!({ "title": "Coffee ☕", "amount": "250", "limit": 1 });
    let link = shop.call(Method::PUT, "/api/v1/links/coffee").json(&coffee);
    let link = crate::harness::json(link.send().await).await.1;
    let poem = json!({ "title": "A poem", "price_msat": 100_000, "text": POEM });
    let item = shop.call(Method::PUT, "/api/v1/items/poem").json(&poem);
    assert!(item.send().await.expect("an answer").status().is_success());
    let item = shop
        .server
        .open("/reveal/poem")
        .await
        .text_of(".wallet .hash");
    let mut wallets = Command::new("node")
        .arg(root.join("tests/clients/lnurl.mjs"))
        .arg(modules)
        .args([
            &shop.server.origin,
            link["lnurl"].as_str().expect("it"),
            &item,
            POEM,
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("node");
    let mut said = BufReader::new(wallets.stdout.take().expect("piped")).lines();
    let mut answers = wallets.stdin.take().expect("piped");
    let driven = async {
        let mut paid = 0;
        while let Some(line) = said.next_line().await.expect("lines") {
            if line == "done" {
                return paid;
            }
            let preimage = pay(&shop.sandbox.node, &line).await;
            let answer = format!("{preimage}\n");
            answers
                .write_all(answer.as_bytes())
                .await
                .expect("it reads");
            paid += 1;
        }
        0
    };
    let paid = timeout(TIMEOUT, driven).await.expect("in time");
    assert_eq!(paid, 4, "its standard error says why");
}
