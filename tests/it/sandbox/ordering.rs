//! Several requests on one connection: the recorded orders of their answers.

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use super::fixtures::orderings;
use super::support::Bench;

/// What was sent in the recorded exchange, with shorter timeouts.
fn sent(name: &str) -> String {
    let ordering = orderings()
        .into_iter()
        .find(|ordering| ordering.name.starts_with(name));
    ordering
        .unwrap_or_else(|| panic!("{name}"))
        .sent
        .unwrap()
        .replace("\"timeout\":3", "\"timeout\":1")
}

/// The ids of the next answers.
async fn ids(bench: &Bench, bytes: &str, answers: usize) -> Vec<String> {
    let mut raw = bench.connect().await;
    raw.send(bytes).await;
    let mut ids = Vec::new();
    for _ in 0..answers {
        ids.push(raw.json().await["id"].as_str().unwrap().to_owned());
    }
    ids
}

#[tokio::test]
async fn answers_overtake_each_other_as_recorded() {
    let bench = Bench::start().await;
    let first =
        sent("waitanyinvoice (3 s) first, then listinvoices and invoice on the same connection");
    assert_eq!(ids(&bench, &first, 4).await, ["A", "B", "I", "W"]);
    let eight = sent("8 invoices and 8 listinvoices interleaved, one write");
    let expected: Vec<String> = ["A", "I"]
        .iter()
        .flat_map(|kind| (0..8).map(move |n| format!("{kind}{n}")))
        .collect();
    assert_eq!(ids(&bench, &eight, 16).await, expected);
    let two = sent("two waitanyinvoice on one connection, timeouts 2 and 1");
    assert_eq!(
        ids(
            &bench,
            &two.replace(":2}", ":1}").replacen(":1}", ":2}", 1),
            2
        )
        .await,
        ["W1", "W2"]
    );
}

#[tokio::test]
async fn a_list_behind_an_invoice_does_not_see_it() {
    let bench = Bench::start().await;
    let mut raw = bench.connect().await;
    raw.send(sent("invoice then listinvoices of that label pipelined"))
        .await;
    assert_eq!(
        raw.json().await,
        json!({"jsonrpc": "2.0", "id": "A", "result": {"invoices": []}})
    );
    assert_eq!(raw.json().await["id"], "I");
}

#[tokio::test]
async fn the_first_of_equal_labels_wins() {
    let bench = Bench::start().await;
    let mut raw = bench.connect().await;
    raw.send(sent("8 invoices, the same label twice in the pipe"))
        .await;
    let answers: Vec<Value> = vec![raw.json().await, raw.json().await, raw.json().await];
    assert!(answers[0]["result"]["bolt11"].is_string());
    assert_eq!(
        (&answers[1]["error"]["code"], &answers[2]["error"]["code"]),
        (&json!(900), &json!(900))
    );
}

#[tokio::test]
async fn one_payment_answers_all_who_wait_for_any() {
    let bench = Bench::start().await;
    let bolt11 = bench.invoice("two", 1000).await;
    let mut raw = bench.connect().await;
    raw.send(sent(
        "three waitanyinvoice on one connection with the same lastpay_index, one payment",
    ))
    .await;
    raw.ask("marker", "getinfo", json!({})).await;
    assert_eq!(raw.json().await["id"], "marker");
    bench.node.pay(&bolt11, None).unwrap();
    let mut ids = Vec::new();
    for _ in 0..3 {
        let answer = raw.json().await;
        assert_eq!(answer["result"]["label"], "two");
        ids.push(answer["id"].as_str().unwrap().to_owned());
    }
    ids.sort();
    assert_eq!(ids, ["W1", "W2", "W3"]);
}

#[tokio::test]
async fn iterating_over_paid_invoices_misses_none() {
    let bench = Bench::start().await;
    for number in 0..6 {
        let bolt11 = bench.invoice(&format!("burst{number}"), 1000).await;
        bench.node.pay(&bolt11, None).unwrap();
    }
    let mut last = 0;
    for number in 0..6 {
        let paid = bench
            .call(
                "waitanyinvoice",
                json!({"lastpay_index": last, "timeout": 0}),
            )
            .await;
        assert_eq!(paid["result"]["label"], format!("burst{number}"));
        last = paid["result"]["pay_index"].as_u64().unwrap();
    }
    assert_eq!(
        bench
            .call(
                "waitanyinvoice",
                json!({"lastpay_index": last, "timeout": 0})
            )
            .await["error"]["code"],
        904
    );
}

#[tokio::test]
async fn the_same_id_twice_is_answered_twice() {
    let bench = Bench::start().await;
    let mut raw = bench.connect().await;
    raw.send(sent("id reused by two requests in flight")).await;
    assert_eq!(
        (
            raw.json().await["id"].clone(),
            raw.json().await["id"].clone()
        ),
        (json!(7), json!(7))
    );
}

#[tokio::test]
async fn what_follows_a_mistake() {
    let bench = Bench::start().await;
    for (name, message, deaf) in [
        (
            "malformed JSON, then",
            "Failed to parse RPC JSON response",
            true,
        ),
        (
            "no jsonrpc member, then",
            "JSON-RPC message does not contain \"jsonrpc\" field",
            true,
        ),
        (
            "jsonrpc 1.0, then",
            "jsonrpc: \"2.0\" must be specified in the request",
            false,
        ),
    ] {
        let sent = sent(name);
        let (mistake, good) = sent.split_once("\n\n").unwrap();
        let mut raw = bench.connect().await;
        raw.send(format!("{mistake}\n\n")).await;
        let answer = raw.json().await;
        assert_eq!(
            (answer["id"].clone(), answer["error"]["code"].clone()),
            (Value::Null, json!(-32600))
        );
        assert!(
            answer["error"]["message"]
                .as_str()
                .unwrap()
                .starts_with(message),
            "{answer}"
        );
        raw.send(good).await;
        // It answers nothing more, but stays open until the client closes it.
        if deaf {
            raw.is_silent(name).await;
            raw.stream.shutdown().await.unwrap();
            assert_eq!(raw.next().await, None, "{name}");
        } else {
            assert_eq!(raw.json().await["id"], "after", "{name}");
        }
    }
}

#[tokio::test]
async fn half_closing_loses_the_answer_but_not_the_invoice() {
    let bench = Bench::start().await;
    let mut waiting = bench.connect().await;
    waiting
        .send(sent("half-close right after a waitanyinvoice"))
        .await;
    waiting.stream.shutdown().await.unwrap();
    assert_eq!(waiting.next().await, None);
    let mut making = bench.connect().await;
    making.send(sent("half-close right after an invoice")).await;
    making.stream.shutdown().await.unwrap();
    drop(making);
    let created = bench.call("wait", json!(["invoices", "created", 1])).await;
    assert_eq!(created["result"]["created"], 1);
    assert_eq!(bench.node.invoice_count(), 1);
}

#[tokio::test]
async fn a_request_may_come_in_pieces_and_with_space() {
    let bench = Bench::start().await;
    for name in [
        "one request sent byte by byte",
        "request with leading newlines",
        "request pretty-printed over lines",
    ] {
        let mut raw = bench.connect().await;
        for byte in sent(name).as_bytes() {
            raw.send([*byte]).await;
        }
        assert_eq!(
            raw.answer().await,
            r#"{"jsonrpc":"2.0","id":"A","result":{"invoices":[]}}"#,
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_large_request_is_taken() {
    let bench = Bench::start().await;
    for (label, size) in [("64", 64 * 1024), ("1024", 1024 * 1024)] {
        let params = json!({"amount_msat": 1000, "label": label, "description": "x".repeat(size), "deschashonly": true});
        let answer = bench.call("invoice", params).await;
        assert!(answer["result"]["bolt11"].is_string(), "{answer}");
    }
}

#[tokio::test]
async fn many_connections_are_open_at_once() {
    let bench = Bench::start().await;
    let mut connections = Vec::new();
    for _ in 0..195 {
        connections.push(bench.connect().await);
    }
    for raw in &mut connections {
        assert_eq!(
            raw.call("wait", json!(["invoices", "created", 0])).await["result"]["created"],
            0
        );
    }
}
