//! `create`, `decode` and `pay` with real nodes on regtest: every end of a payment in the words of docs/kafka.md.

mod lightningd;
mod lnd;

use std::time::{Duration, SystemTime};

use bitcoin::{
    hashes::{Hash, sha256},
    secp256k1::{Secp256k1, SecretKey},
};
use lightning_invoice::{
    Currency, InvoiceBuilder, PaymentSecret, RouteHint, RouteHintHop, RoutingFees,
};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::world::{SECRET, World, python, succeed};

/// All that a frame can ask for.
const ALL: &str = "tasks = [\"create\", \"decode\", \"pay\"]";

/// What is answered to a frame with these fields.
async fn ask(world: &World, fields: &[&str]) -> Value {
    let frame = frame(fields).await;
    answer(world, &frame).await
}

/// A frame with these fields.
async fn frame(fields: &[&str]) -> String {
    let fields: Vec<_> = [SECRET].iter().chain(fields).copied().collect();
    succeed(python("tests/kafka/frame.py", &fields)).await
}

/// Sends it, and waits for an answer that was not there before.
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
    let create = frame(&["create", "2500", "Two bags of tea", "3600"]).await;
    let made = answer(world, &create).await;
    assert_eq!(made["status"], "success", "{made}");
    assert_eq!(answer(world, &create).await, made, "the same command again");
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
