//! With Core Lightning.

use std::{path::Path, process::Command, time::Duration};

use facture_test_support::cln::Regtest;
use tokio::time::sleep;

use super::{ALL, ask, error, node_down, text, theirs, words};
use crate::{program::serve, world::World};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Apache Kafka, bitcoind, bitcoin-cli, lightningd and lightning-cli"]
async fn every_end_of_a_payment() {
    let pair = Regtest::start().await.expect("a regtest pair");
    // Here the merchant pays, with what it received.
    let made = pair
        .merchant_cli(&["invoice", "2000000000", "funds", "x"])
        .await;
    pair.pay(&text(&made.expect("an invoice"), "bolt11"))
        .await
        .expect("it is paid");
    let rpc_file = pair.merchant_rpc().to_owned();
    let node = format!("rpc_file = {rpc_file:?}\nretry_for_seconds = 1");
    let world = World::on(move |data| serve(&rpc_file, data), node).await;
    let mut bridge = world.bridge(ALL);
    assert!(bridge.line().await.starts_with("facture bridge:"));
    let payer = world.payer();
    let info = pair.payer_cli(&["getinfo"]).await.expect("a node");
    let other = text(&info, "id");
    let fresh = async || {
        let label = format!("{:032x}", rand::random::<u128>());
        let made = pair.payer_cli(&["invoice", "10000", &label, "x"]).await;
        text(&made.expect("an invoice"), "bolt11")
    };
    let pay_it = async |invoice: String| {
        let paid = pair.merchant_cli(&["xpay", &invoice]).await;
        paid.expect("it is paid");
    };
    words(&world, &other, "fee_limit", &fresh, pay_it).await;

    // The next node does not answer for longer than this one looks for ways; then it knows no such channel.
    let directory = text(&info, "lightning-dir");
    let pid = Path::new(&directory).join("../lightningd-regtest.pid");
    let pid = std::fs::read_to_string(pid).expect("its process");
    let signal = |name: &str| {
        let sent = Command::new("kill").args([name, pid.trim()]).status();
        assert!(sent.unwrap().success());
    };
    signal("-STOP");
    let fields = ["pay", &theirs(Some((&other, 0)))].map(str::to_owned);
    let late = async {
        let fields = fields.each_ref().map(String::as_str);
        ask(&world, &fields).await
    };
    let ((), late) = tokio::join!(
        async {
            sleep(Duration::from_secs(6)).await;
            signal("-CONT");
        },
        late
    );
    assert_eq!(late, error("timeout", "timeout"));

    assert!(bridge.terminate().await.success());
    let invoice = fresh().await;
    let pair = tokio::sync::Mutex::new(pair);
    let down = async || pair.lock().await.kill_merchant().await.expect("a crash");
    let up = async || pair.lock().await.start_merchant().await.expect("a start");
    node_down(&world, &["pay", &invoice], down, up).await;
    assert!(payer.terminate().await.success());
}
