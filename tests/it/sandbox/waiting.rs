//! Calls that wait, many of them, and the node's own clock.

use std::time::Duration;

use serde_json::json;

use super::support::Bench;

#[tokio::test]
async fn a_thousand_waits_on_one_connection() {
    let bench = Bench::start().await;
    let mut raw = bench.connect().await;
    let mut invoices = Vec::new();
    for number in 0..3 {
        invoices.push(bench.invoice(&format!("i{number}"), 1000).await);
    }
    for number in 0..1000 {
        let params =
            json!({"subsystem": "invoices", "indexname": "updated", "nextvalue": number % 3 + 1});
        raw.ask(&number.to_string(), "wait", params).await;
    }
    // Nothing holds the connection up, and all waits before this one are known to the node.
    raw.ask("marker", "listinvoices", json!({"label": "i0"}))
        .await;
    assert_eq!(raw.json().await["id"], "marker");
    for (number, bolt11) in invoices.iter().enumerate() {
        bench.node.pay(bolt11, None).unwrap();
        let waiting = if number == 0 { 334 } else { 333 };
        let mut ids = Vec::new();
        for _ in 0..waiting {
            let answer = raw.json().await;
            assert_eq!(
                answer["result"],
                json!({"subsystem": "invoices", "updated": number + 1, "invoices": {"status": "paid", "label": format!("i{number}")}})
            );
            ids.push(answer["id"].as_str().unwrap().parse::<usize>().unwrap());
        }
        ids.sort_unstable();
        assert!(
            ids.iter()
                .enumerate()
                .all(|(place, id)| *id == place * 3 + number),
            "{ids:?}"
        );
    }
}

#[tokio::test]
async fn an_invoice_expires_by_itself_at_its_second() {
    let bench = Bench::start().await;
    let params = json!({"amount_msat": 1, "label": "x", "description": "d", "expiry": 1});
    let made = bench.call("invoice", params).await;
    // In real time: nobody touches the clock or the ledger meanwhile.
    let changed = bench.call("wait", json!(["invoices", "updated", 1])).await;
    assert_eq!(changed["result"]["invoices"], json!({"status": "expired"}));
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    assert!(now >= made["result"]["expires_at"].as_u64().unwrap());
}

#[tokio::test]
async fn the_clock_can_be_moved_for_those_who_wait() {
    let bench = Bench::start().await;
    bench.invoice("x", 1000).await;
    let mut raw = bench.connect().await;
    raw.ask("w", "waitinvoice", json!({"label": "x"})).await;
    raw.ask("marker", "getinfo", json!({})).await;
    assert_eq!(raw.json().await["id"], "marker");
    bench.node.advance(Duration::from_secs(604_800));
    let answer = raw.json().await;
    assert_eq!(answer["error"]["code"], 903);
    assert_eq!(answer["error"]["data"]["status"], "expired");
}

#[tokio::test]
async fn removing_a_description_is_an_update() {
    let bench = Bench::start().await;
    bench.invoice("x", 1000).await;
    let mut raw = bench.connect().await;
    raw.ask("w", "wait", json!(["invoices", "updated", 1]))
        .await;
    raw.ask("marker", "getinfo", json!({})).await;
    assert_eq!(raw.json().await["id"], "marker");
    bench
        .call(
            "delinvoice",
            json!({"label": "x", "status": "unpaid", "desconly": true}),
        )
        .await;
    assert_eq!(
        raw.json().await["result"]["invoices"],
        json!({"label": "x", "description": "d"})
    );
}
