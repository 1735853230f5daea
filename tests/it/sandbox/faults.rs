//! What can be made to go wrong.

use std::time::{Duration, Instant};

use facture_sandbox::{CallFault, Calls, Hold};
use serde_json::json;

use super::support::Bench;

#[tokio::test]
async fn a_call_hangs_before_it_is_carried_out() {
    let bench = Bench::start().await;
    let hanging = bench.node.faults().hang(Calls::of("invoice"), Hold::Call);
    let mut raw = bench.connect().await;
    raw.ask("I", "invoice", json!([1000, "x", "d"])).await;
    hanging.reached(1).await;
    assert_eq!(bench.node.invoice_count(), 0);
    // Other calls on the connection are not held up.
    raw.ask("G", "getinfo", json!({})).await;
    assert_eq!(raw.json().await["id"], "G");
    hanging.release();
    let answer = raw.json().await;
    assert_eq!(
        (
            answer["id"].as_str(),
            answer["result"]["created_index"].as_u64()
        ),
        (Some("I"), Some(1))
    );
}

#[tokio::test]
async fn a_call_whose_client_has_gone_is_not_carried_out_later() {
    let bench = Bench::start().await;
    let hanging = bench.node.faults().hang(Calls::All, Hold::Call);
    let mut raw = bench.connect().await;
    raw.ask("I", "invoice", json!([1000, "x", "d"])).await;
    hanging.reached(1).await;
    drop(raw);
    bench.node.close_connections().await;
    hanging.release();
    bench.invoice("y", 1000).await;
    assert_eq!(bench.node.invoice_count(), 1);
}

#[tokio::test]
async fn an_answer_is_held_back() {
    let bench = Bench::start().await;
    let hanging = bench.node.faults().hang(Calls::of("invoice"), Hold::Answer);
    let mut lost = bench.connect().await;
    lost.ask("I", "invoice", json!([1000, "x", "d"])).await;
    hanging.reached(1).await;
    assert_eq!(bench.node.invoice_count(), 1);
    drop(lost);
    let mut raw = bench.connect().await;
    raw.ask("J", "invoice", json!([1000, "y", "d"])).await;
    hanging.reached(2).await;
    hanging.release();
    assert_eq!(raw.json().await["result"]["created_index"], 2);
    assert_eq!(bench.invoice("z", 1000).await.get(..6), Some("lnbcrt"));
}

#[tokio::test]
async fn connections_are_closed_before_or_after_a_call() {
    let bench = Bench::start().await;
    for (fault, label, invoices) in [
        (CallFault::CloseBefore, "before", 0),
        (CallFault::CloseAfter, "after", 1),
    ] {
        bench.node.faults().once(Calls::of("invoice"), fault);
        let mut raw = bench.connect().await;
        raw.ask("I", "invoice", json!([1000, label, "d"])).await;
        assert_eq!(raw.next().await, None);
        assert!(raw.rest().is_empty());
        assert_eq!(bench.node.invoice_count(), invoices, "{label}");
    }
    // Each was for one call.
    bench.invoice("well", 1000).await;
    let again = bench.call("invoice", json!([1000, "after", "d"])).await;
    assert_eq!(again["error"]["code"], 900);
}

#[tokio::test]
async fn an_answer_is_cut() {
    let bench = Bench::start().await;
    bench
        .node
        .faults()
        .once(Calls::of("getinfo"), CallFault::CutAnswer);
    let mut raw = bench.connect().await;
    raw.ask("G", "getinfo", json!({})).await;
    assert_eq!(raw.next().await, None);
    assert!(
        raw.rest()
            .starts_with(b"{\"jsonrpc\":\"2.0\",\"id\":\"G\","),
        "{:?}",
        raw.rest()
    );
}

#[tokio::test]
async fn the_next_call_fails() {
    let bench = Bench::start().await;
    let full = CallFault::Fail {
        code: -32602,
        message: "disk full".to_owned(),
    };
    bench.node.faults().once(Calls::of("invoice"), full);
    let mut raw = bench.connect().await;
    let answer = raw.call("invoice", json!([1000, "x", "d"])).await;
    assert_eq!(
        answer,
        json!({"jsonrpc": "2.0", "id": "t", "error": {"code": -32602, "message": "disk full"}})
    );
    assert_eq!(bench.node.invoice_count(), 0);
    assert!(raw.call("invoice", json!([1000, "x", "d"])).await["result"].is_object());
}

#[tokio::test]
async fn answers_are_garbage() {
    let bench = Bench::start().await;
    let mut raw = bench.connect().await;
    bench.node.faults().once(Calls::All, CallFault::NoResult);
    assert_eq!(
        raw.call("getinfo", json!({})).await,
        json!({"jsonrpc": "2.0", "id": "t"})
    );
    bench.node.faults().once(Calls::All, CallFault::NotJson);
    raw.ask("G", "getinfo", json!({})).await;
    let garbage = raw.answer().await;
    assert!(
        serde_json::from_str::<serde_json::Value>(&garbage).is_err(),
        "{garbage}"
    );
}

#[tokio::test]
async fn answers_are_slow() {
    let bench = Bench::start().await;
    let delay = Duration::from_millis(30);
    bench.node.faults().slow(Calls::of("getinfo"), delay);
    let mut raw = bench.connect().await;
    let start = Instant::now();
    raw.call("getinfo", json!({})).await;
    assert!(start.elapsed() >= delay);
    bench.node.faults().clear();
    assert!(raw.call("getinfo", json!({})).await["result"].is_object());
}
