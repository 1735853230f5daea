//! A refund on real nodes, from the link to the money: the buyer's wallet, written by others, claims it from the server, and
//! the payer pays it.

use std::{path::Path, process::Command};

use facture_test_support::{cln::Regtest, report::skipped};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    harness::TIMEOUT,
    program::{Running, serve},
    whole::{self, call},
    world::Home,
};

/// What may be spent, after the sections that name the node.
const LIMITS: &str = "
retry_for_seconds = 10
[limits]
per_payout_sat = 1000
per_hour_sat = 1000
per_day_sat = 1000
";

fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    let text = value[key].as_str();
    text.unwrap_or_else(|| panic!("no {key}: {value}"))
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH, and PyPI's lnurl in target/lnurl"]
async fn lightningd_pays_a_refund_that_the_lnurl_library_of_others_claimed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join("target/lnurl/bin/python");
    if !python.exists() {
        return skipped("PyPI's lnurl is not in target/lnurl");
    }
    let pair = Regtest::start().await.expect("a regtest pair");
    let home = Home::new();
    let records = home.path("records");
    let mut server = Running::logged(
        serve(pair.merchant_rpc(), &records),
        &home.path("server.log"),
    );
    let line = server.line().await;
    let origin = line.trim_start_matches("facture: ").trim_end_matches('/');
    let execute = whole::token(&home, "payouts:execute").await;
    let order = whole::token(&home, "payouts:order").await;
    let create = whole::token(&home, "invoices:create").await;
    let node = format!("[node]\nrpc_file = {:?}{LIMITS}", pair.merchant_rpc());
    home.configure_with(&records.join("api.sock"), &execute, &node);
    let _payer = home.pay();

    // Enough that the merchant has more than its reserve of the channel.
    let sale = json!({ "amount_sat": 300_000, "description": "tea" });
    let sale = call(origin, &create, Method::POST, "/api/v1/invoices", sale).await;
    pair.pay(word(&sale, "bolt11"))
        .await
        .expect("the buyer pays");
    let new = json!({ "amount_msat": 200_000, "invoice": sale["label"], "reason": "cold" });
    let issued = call(origin, &order, Method::POST, "/api/v1/vouchers", new).await;
    let theirs = ["invoice", "200000msat", "refund", "a refund"];
    let theirs = pair.payer_cli(&theirs).await.expect("an invoice");
    let mut wallet = Command::new(python);
    wallet
        .arg(root.join("tests/clients/withdraw.py"))
        .arg(word(&issued["vouchers"][0], "lnurl"))
        .arg(word(&theirs, "bolt11"));
    let output = tokio::task::spawn_blocking(move || wallet.output()).await;
    let output = output.expect("no panic").expect("it runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let claimed = String::from_utf8_lossy(&output.stdout);
    assert!(claimed.starts_with("200000 200000 cold\n"), "{claimed}");

    // Its node has the money, and the sale says so.
    let paid = pair.payer_cli(&["waitinvoice", "refund"]).await;
    let paid = paid.unwrap_or_else(|error| panic!("{error}\n{}", home.log()));
    assert_eq!(paid["amount_received_msat"], 200_000);
    let path = format!("/api/v1/invoices/{}/refunds", word(&sale, "label"));
    let told = async {
        loop {
            let refunds = call(origin, &order, Method::GET, &path, Value::Null).await;
            if refunds["refunded_msat"] == 200_000 {
                return refunds;
            }
        }
    };
    let refunds = tokio::time::timeout(TIMEOUT, told)
        .await
        .expect("it is told");
    assert_eq!(refunds["payouts"][0]["state"], "paid", "{refunds}");
    assert_eq!(refunds["payouts"][0]["preimage"], paid["payment_preimage"]);
}
