//! Replays the recorded exchanges about the protocol itself, each on a connection of its own.

use tokio::io::AsyncReadExt;

use super::compare::Bindings;
use super::fixtures::all;
use super::support::Bench;

#[tokio::test]
async fn the_protocol_is_as_recorded() {
    let bench = Bench::start().await;
    for exchange in all("protocol") {
        let mut raw = bench.connect().await;
        raw.send(exchange.request_raw.clone().unwrap_or_default())
            .await;
        let Some(expected) = exchange.response_raw else {
            raw.is_silent(&exchange.name).await;
            continue;
        };
        for expected in expected.trim_end().split("\n\n") {
            let own = raw.answer().await;
            let same = Bindings::default().compare(expected, &own);
            assert_eq!(same, Ok(()), "{}\n{own}", exchange.name);
            // Without values that differ from node to node, to the byte.
            if !expected.contains("\"version\"") {
                assert_eq!(own, expected, "{}", exchange.name);
            }
        }
        assert!(raw.rest().is_empty(), "{}", exchange.name);
    }
}

#[tokio::test]
async fn an_answer_ends_with_two_newlines() {
    let bench = Bench::start().await;
    let mut raw = bench.connect().await;
    raw.send(r#"{"jsonrpc":"2.0","id":1,"method":"listinvoices","params":{"label":"nobody"}}"#)
        .await;
    let expected = b"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"invoices\":[]}}\n\n";
    let mut bytes = vec![0; expected.len()];
    raw.stream.read_exact(&mut bytes).await.unwrap();
    assert_eq!(bytes, expected);
}

#[tokio::test]
async fn every_method_is_counted_when_it_is_received() {
    let bench = Bench::start().await;
    let mut raw = bench.connect().await;
    for method in ["getinfo", "brew", "getinfo"] {
        raw.call(method, serde_json::json!({})).await;
    }
    assert_eq!(
        (
            bench.node.calls("getinfo"),
            bench.node.calls("brew"),
            bench.node.calls("wait")
        ),
        (2, 1, 0)
    );
}
