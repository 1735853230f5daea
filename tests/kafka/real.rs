//! `create`, `decode` and `pay` with real nodes on regtest: every end of a payment in the words of docs/kafka.md.

use std::{
    path::Path,
    process::Command,
    time::{Duration, SystemTime},
};

use bitcoin::{
    hashes::{Hash, sha256},
    secp256k1::{Secp256k1, SecretKey},
};
use facture_test_support::{cln::Regtest, lnd::Pair};
use lightning_invoice::{
    Currency, InvoiceBuilder, PaymentSecret, RouteHint, RouteHintHop, RoutingFees,
};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::{
    program::{program, serve},
    world::{SECRET, World, python, succeed},
};

/// All that a frame can ask for.
const ALL: &str = "tasks = [\"create\", \"decode\", \"pay\"]";

/// What is answered to a frame with these fields.
async fn ask(world: &World, fields: &[&str]) -> Value {
    let frame = frame(fields).await;
    answer(world, &frame).await
}

async fn frame(fields: &[&str]) -> String {
    let fields: Vec<_> = [SECRET].iter().chain(fields).copied().collect();
    succeed(python("tests/kafka/frame.py", &fields)).await
}

async fn answer(world: &World, frame: &str) -> Value {
    let arguments = [world.bootstrap.as_str(), frame];
    let answer = succeed(python("tests/kafka/ask.py", &arguments)).await;
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    answer["data"].clone()
}

fn text(value: &Value, key: &str) -> String {
    let text = value[key].as_str();
    text.unwrap_or_else(|| panic!("no {key}: {value}"))
        .to_owned()
}

/// An invoice of a node that nobody knows; behind this one, if there is one, with a channel that costs so much and is not there.
fn theirs(behind: Option<(&str, u32)>) -> String {
    let key = SecretKey::from_slice(&[42; 32]).unwrap();
    let hint = behind.map(|(node, base_msat)| {
        RouteHint(vec![RouteHintHop {
            src_node_id: node.parse().unwrap(),
            short_channel_id: (700_000 << 40) | (1 << 16),
            fees: RoutingFees {
                base_msat,
                proportional_millionths: 0,
            },
            cltv_expiry_delta: 40,
            htlc_minimum_msat: None,
            htlc_maximum_msat: None,
        }])
    });
    let mut builder = InvoiceBuilder::new(Currency::Regtest)
        .description("theirs".to_owned())
        .payment_hash(sha256::Hash::hash(&rand::random::<[u8; 32]>()))
        .payment_secret(PaymentSecret(rand::random()))
        .duration_since_epoch(SystemTime::UNIX_EPOCH.elapsed().unwrap())
        .expiry_time(Duration::from_secs(3600))
        .min_final_cltv_expiry_delta(18)
        .basic_mpp()
        .amount_milli_satoshis(10_000);
    if let Some(hint) = hint {
        builder = builder.private_route(hint);
    }
    let sign = |hash: &_| Secp256k1::new().sign_ecdsa_recoverable(hash, &key);
    builder.build_signed(sign).unwrap().to_string()
}

/// An error in the words of LND, and its code.
fn error(word: &str, code: &str) -> Value {
    json!({ "status": "error", "message": { "payment_error": word, "code": code } })
}

/// What both kinds of nodes do: `fresh` makes an invoice of the other node, `pay_it` has the node pay one before. `fee_limit` is the
/// code of a way that costs too much.
async fn words(
    world: &World,
    other: &str,
    fee_limit: &str,
    fresh: impl AsyncFn() -> String,
    pay_it: impl AsyncFn(String),
) {
    let made = ask(world, &["create", "2500", "Two bags of tea", "3600"]).await;
    assert_eq!(made["status"], "success", "{made}");
    let decoded = ask(world, &["decode", &text(&made, "message")]).await;
    assert_eq!(decoded["status"], "success", "{decoded}");
    assert_eq!(decoded["message"]["num_satoshis"], 2500, "{decoded}");
    assert_eq!(decoded["message"]["description"], "Two bags of tea");

    let invoice = fresh().await;
    let pay = frame(&["pay", &invoice]).await;
    let paid = answer(world, &pay).await;
    assert_eq!(paid["status"], "success", "{paid}");
    let message = &paid["message"];
    let preimage = hex::decode(text(message, "payment_preimage")).unwrap();
    let hash = sha256::Hash::hash(&preimage).to_string();
    assert_eq!(message["payment_hash"], hash, "{paid}");
    assert_eq!(message["payment_route"]["total_amt"], 10, "{paid}");
    assert_eq!(message["payment_route"]["total_fees"], 0, "{paid}");
    // The same command again, another command for the same invoice, and an invoice that the node has paid before.
    assert_eq!(answer(world, &pay).await, paid);
    let already = error("invoice is already paid", "already_paid");
    assert_eq!(ask(world, &["pay", &invoice]).await, already);
    let before = fresh().await;
    pay_it(before.clone()).await;
    assert_eq!(ask(world, &["pay", &before]).await, already);

    let own = ask(world, &["pay", &text(&made, "message")]).await;
    assert_eq!(own, error("error", "own_invoice"));
    let nowhere = ask(world, &["pay", &theirs(None)]).await;
    assert_eq!(nowhere, error("no_route", "no_route"));
    let expensive = theirs(Some((other, 1_000_000)));
    let expensive = ask(world, &["pay", &expensive]).await;
    assert_eq!(expensive, error("no_route", fee_limit));
}

/// While the node is down: `create` is given up when it is old; what is not old, and a payment, goes on when the node is there
/// again.
async fn node_down(
    world: &World,
    later: &[&str],
    down: impl AsyncFnOnce(),
    up: impl AsyncFnOnce(),
) {
    down().await;
    let mut hasty = world.bridge(&format!("{ALL}\nmax_age_seconds = 3"));
    assert!(hasty.line().await.starts_with("facture bridge:"));
    let given_up = ask(world, &["create", "1", "Tea", "60"]).await;
    let expected =
        json!({ "error": "failed to connect to all addresses", "code": "node_unavailable" });
    assert_eq!(given_up, json!({ "status": "error", "message": expected }));
    assert!(hasty.terminate().await.success());
    let mut patient = world.bridge(ALL);
    assert!(patient.line().await.starts_with("facture bridge:"));
    let waiting =
        async { tokio::join!(ask(world, &["create", "2", "Tea", "60"]), ask(world, later)) };
    tokio::pin!(waiting);
    tokio::select! {
        early = &mut waiting => panic!("without a node: {early:?}"),
        () = sleep(Duration::from_secs(3)) => {}
    }
    let ((), (made, later)) = tokio::join!(up(), waiting);
    assert_eq!(made["status"], "success", "{made}");
    assert_eq!(later["status"], "success", "{later}");
    assert!(patient.terminate().await.success());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Apache Kafka, bitcoind, bitcoin-cli, lightningd and lightning-cli"]
async fn lightningd_with_every_end_of_a_payment() {
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

/// What `facture` prints.
fn printed(args: &[&str]) -> String {
    let output = program(args).output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("text");
    text.trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Apache Kafka, bitcoind, bitcoin-cli, lnd and lncli"]
async fn lnd_with_every_end_of_a_payment() {
    let pair = Pair::start().await.expect("a regtest pair");
    let node = &pair.payer;
    let macaroon = async |name: &str, args: &[&str]| {
        let file = node.macaroon_file(name);
        let baked = node.bake(&printed(args), &file).await;
        baked.expect("a macaroon");
        file.display().to_string()
    };
    let checkout = macaroon("checkout", &["lnd-macaroon"]).await;
    let payouts = macaroon("payouts", &["lnd-macaroon", "--payer"]).await;
    let (url, certificate) = (node.rest_url(), node.certificate_file());
    let section = format!(
        "kind = \"lnd\"\nlnd_url = {url:?}\ntls_cert_file = {certificate:?}\nmacaroon_file = {payouts:?}\nretry_for_seconds = 10"
    );
    let server = move |data: &Path| {
        let mut command = program(&["serve", "--listen", "127.0.0.1:0", "--data-dir"]);
        command
            .arg(data)
            .env("FACTURE_NODE__KIND", "lnd")
            .env("FACTURE_NODE__LND_URL", url)
            .env("FACTURE_NODE__TLS_CERT_FILE", certificate)
            .env("FACTURE_NODE__MACAROON_FILE", checkout);
        command
    };
    let world = World::on(server, section).await;
    let mut bridge = world.bridge(ALL);
    assert!(bridge.line().await.starts_with("facture bridge:"));
    let payer = world.payer();
    let info = pair.merchant.json(&["getinfo"]).await.expect("a node");
    let other = text(&info, "identity_pubkey");
    let fresh = async || {
        let made = pair.merchant.json(&["addinvoice", "--amt=10"]).await;
        text(&made.expect("an invoice"), "payment_request")
    };
    let pay_it = async |invoice: String| drop(pair.pay(&invoice, None).await.expect("it is paid"));
    // It does not say why there is no route.
    words(&world, &other, "no_route", &fresh, pay_it).await;
    assert!(bridge.terminate().await.success());
    let pair = tokio::sync::Mutex::new(pair);
    let down = async || pair.lock().await.payer.kill().await.expect("a crash");
    let up = async || {
        let mut pair = pair.lock().await;
        pair.payer.start().await.expect("a start");
        pair.reconnect().await.expect("a channel");
    };
    // A payment would fail: until its channels are back, lnd has no balance.
    let later = ["create", "3", "Tea", "60"];
    node_down(&world, &later, down, up).await;
    assert!(payer.terminate().await.success());
}
