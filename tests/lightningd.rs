//! The contract against a real lightningd: a regtest pair, where the payer's node pays the merchant's invoices.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test's helper fails by panicking, as the test does"
)]

mod contract;
mod harness;
mod regtest;

use std::time::Duration;

use contract::World;
use harness::Server;
use regtest::Regtest;

impl World for Regtest {
    async fn server(&self, settings: &[(&str, &str)]) -> Server {
        contract::live_server(self.merchant_rpc(), settings).await
    }

    async fn pay(&self, bolt11: &str, amount_msat: Option<u64>) {
        let paid = match amount_msat {
            None => Regtest::pay(self, bolt11).await,
            Some(amount_msat) => self.pay_amount(bolt11, amount_msat).await,
        };
        paid.expect("the payer pays");
    }

    async fn foreign_invoice(&self, label: &str) {
        let label = format!("label={label}");
        self.merchant_cli(&[
            "-k",
            "invoice",
            "amount_msat=1000",
            &label,
            "description=not ours",
        ])
        .await
        .expect("another program's invoice");
    }

    async fn invoices(&self) -> usize {
        let listed = self.merchant_cli(&["listinvoices"]).await.expect("a list");
        listed["invoices"].as_array().map_or(0, Vec::len)
    }

    async fn let_a_second_pass(&self) {
        // The node's clock is the real one: whoever asks until it happens waits for it.
    }
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn the_contract_holds() {
    let pair = Regtest::start().await.expect("a regtest pair");
    contract::all(&pair).await;
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn a_node_that_stops_crashes_and_comes_back() {
    let mut pair = Regtest::start().await.expect("a regtest pair");
    let server = pair.server(&[("NODE__DEADLINE_SECONDS", "3")]).await;
    let invoice = server.create("5", "before").await;
    let path = contract::path_of(&invoice);
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11").to_owned();

    pair.stop_merchant().await.expect("a stop in order");
    contract::while_the_node_is_away(&server, &invoice).await;
    pair.start_merchant().await.expect("a start");
    server.json_until(&path, |answer| *answer == invoice).await;

    pair.kill_merchant().await.expect("a crash");
    contract::while_the_node_is_away(&server, &invoice).await;
    pair.start_merchant().await.expect("a start");
    pair.pay(&bolt11).await.expect("the payer pays");
    server
        .json_until(&path, |answer| answer["status"] == "paid")
        .await;
    let stopped = tokio::time::timeout(Duration::from_secs(15), server.stop()).await;
    stopped.expect("in time").expect("in order");
}
