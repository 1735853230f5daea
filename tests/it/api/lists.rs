//! `GET /api/v1/invoices`.

use std::time::Duration;

use facture_sandbox::Calls;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::Shop;

async fn listed(shop: &Shop, query: &str) -> Vec<String> {
    let (status, answer) = shop.get(&format!("/api/v1/invoices?{query}")).await;
    assert_eq!(status, StatusCode::OK, "{query}: {answer}");
    assert_eq!(answer["stale_since"], Value::Null, "{answer}");
    labels(&answer)
}

fn labels(answer: &Value) -> Vec<String> {
    let invoices = answer["invoices"].as_array().unwrap();
    invoices.iter().map(label).collect()
}

fn label(invoice: &Value) -> String {
    invoice["label"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn page_after_page_shows_each_once_whatever_is_made_meanwhile() {
    let shop = Shop::open().await;
    let mut made = Vec::new();
    for number in 0..7 {
        made.push(shop.create(&json!({ "amount_sat": 1 + number })).await);
    }
    // The newest first; of one second in the order of the node.
    let expected: Vec<_> = made.iter().rev().map(label).collect();
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let (_, page) = shop.get(&format!("/api/v1/invoices?limit=3{cursor}")).await;
        seen.extend(labels(&page));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
        shop.sandbox.node.advance(Duration::from_secs(1));
        shop.create(&json!({ "amount_sat": 100 })).await;
    }
    assert_eq!(seen, expected);
    let (_, whole) = shop.get("/api/v1/invoices?limit=1").await;
    let (_, read) = shop
        .get(&format!(
            "/api/v1/invoices/{}",
            label(&whole["invoices"][0])
        ))
        .await;
    assert_eq!(
        whole["invoices"][0], read,
        "the same as when it is read alone"
    );
}

#[tokio::test]
async fn filters_choose() {
    let shop = Shop::open().await;
    let tea = json!({ "amount_sat": 5, "description": "Green Tea 100%", "order_id": "a_1" });
    let tea = shop.create(&tea).await;
    let pot = json!({ "amount_sat": 5, "description": "Pot", "metadata": { "color": "Blue" }, "expiry": 1000 });
    let pot = shop.create(&pot).await;
    let cup = json!({ "amount_sat": 5, "description": "Cup", "order_id": "ab1" });
    let cup = shop.create(&cup).await;
    shop.sandbox
        .node
        .pay(tea["bolt11"].as_str().unwrap(), None)
        .unwrap();
    shop.sandbox.node.advance(Duration::from_secs(2000));
    let (_, paid) = shop.get(&format!("/api/v1/invoices/{}", label(&tea))).await;
    let paid_at = paid["paid_at"].as_i64().unwrap();
    let created = tea["created_at"].as_i64().unwrap();
    shop.server
        .json_until(&format!("/check_invoice/{}", label(&pot)), |pot| {
            pot["status"] == "expired"
        })
        .await;
    let hash = cup["payment_hash"].as_str().unwrap();
    for (query, expected) in [
        ("status=paid".to_owned(), vec![&tea]),
        ("status=expired".to_owned(), vec![&pot]),
        ("status=unpaid".to_owned(), vec![&cup]),
        ("order_id=a_1".to_owned(), vec![&tea]),
        ("order_id=a".to_owned(), vec![]),
        (format!("payment_hash={hash}"), vec![&cup]),
        (format!("payment_hash={hash}&status=paid"), vec![]),
        ("text=tEA".to_owned(), vec![&tea]),
        ("text=100%25".to_owned(), vec![&tea]),
        ("text=%25".to_owned(), vec![&tea]),
        ("text=a_1".to_owned(), vec![&tea]),
        ("text=blue".to_owned(), vec![&pot]),
        ("text=%5C".to_owned(), vec![]),
        (format!("paid_after={paid_at}"), vec![&tea]),
        (format!("paid_before={paid_at}"), vec![]),
        (format!("paid_after={}", paid_at + 1), vec![]),
        (
            format!("paid_after={paid_at}&paid_before={}", paid_at + 1),
            vec![&tea],
        ),
        (format!("created_before={created}"), vec![]),
        (format!("created_after={}", created + 1000), vec![]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(label).collect();
        assert_eq!(listed(&shop, &query).await, expected, "{query}");
    }
    assert_eq!(
        listed(&shop, &format!("created_after={created}"))
            .await
            .len(),
        3
    );
    assert_eq!(
        shop.sandbox.node.calls("listinvoices without a selector"),
        0
    );
}

#[tokio::test]
async fn a_parameter_that_cannot_be_is_named() {
    let shop = Shop::open().await;
    for (query, field) in [
        ("status=lost", "status"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("limit=", "limit"),
        ("cursor=x", "cursor"),
        ("cursor=1.other%25label", "cursor"),
        ("payment_hash=00", "payment_hash"),
        ("order_id=", "order_id"),
        ("text=", "text"),
        ("created_after=-1", "created_after"),
        ("paid_before=99999999999999999999", "paid_before"),
        ("stauts=paid", "stauts"),
        ("status=paid&status=paid", "status"),
    ] {
        let (status, error) = shop.get(&format!("/api/v1/invoices?{query}")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {error}");
        assert_eq!(error["error"]["field"], field, "{query}: {error}");
        assert_eq!(error["error"]["code"], "query_invalid");
    }
}

#[tokio::test]
async fn a_list_is_there_without_the_node_and_says_so() {
    let shop = Shop::with(&[("NODE__DEADLINE_SECONDS", "1")]).await;
    let made = shop.create(&json!({ "amount_sat": 5 })).await;
    let (_, current) = shop.get("/api/v1/invoices").await;
    assert_eq!(current["stale_since"], Value::Null);
    let hanging = shop
        .sandbox
        .node
        .faults()
        .hang(Calls::of("wait"), facture_sandbox::Hold::Call);
    let (status, stale) = shop.get("/api/v1/invoices").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(labels(&stale), [label(&made)]);
    assert!(stale["stale_since"].as_i64().unwrap() > 0);
    hanging.release();
}
