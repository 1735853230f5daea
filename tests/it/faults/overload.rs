//! Ten times as many orders as the node can take: each is made once or refused at once, and a buyer who has an order reads
//! on.

use std::time::Duration;

use facture_sandbox::Calls;
use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    api::{TOKEN, config_with_token},
    contract::path_of,
    harness::{Page, Server},
    world::Sandbox,
};

/// In a tenth of a second the node makes as many as there are connections. That and the queue are what it takes.
const CONNECTIONS: usize = 4;
const QUEUE: usize = 36;
const ORDERS: usize = 10 * (CONNECTIONS + QUEUE);
const EXISTING: usize = 50;

async fn order(server: &Server, number: usize) -> Page {
    let request = server.request(Method::POST, "/api/v1/invoices");
    let request = request.bearer_auth(TOKEN);
    let request = request.header("idempotency-key", format!("order-{number}"));
    let body = json!({ "amount_sat": 5, "description": format!("order {number}") });
    Page::read(request.json(&body).send().await).await
}

fn made(answer: &Page) -> Option<Value> {
    match answer.status {
        StatusCode::CREATED => Some(serde_json::from_str(&answer.text).expect("JSON")),
        status => {
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text);
            assert!(answer.text.contains("\"node_busy\""), "{}", answer.text);
            assert_eq!(answer.header("retry-after"), "5");
            None
        }
    }
}

#[tokio::test]
async fn ten_times_what_the_node_takes() {
    let sandbox = Sandbox::start().await;
    let mut config = config_with_token(&[
        ("NODE__CONNECTIONS", &CONNECTIONS.to_string()),
        ("NODE__QUEUE", &QUEUE.to_string()),
    ]);
    config.node.rpc_file = sandbox.node.rpc_file().to_owned();
    let server = Server::start(config, facture::web::Mode::Live).await;
    let existing = join_all((0..EXISTING).map(|number| order(&server, ORDERS + number))).await;
    let existing: Vec<Value> = existing.iter().filter_map(made).collect();
    assert!(existing.len() >= CONNECTIONS + QUEUE);

    let invoice = Calls::of("invoice");
    sandbox
        .node
        .faults()
        .slow(invoice, Duration::from_millis(100));
    let before = sandbox.node.invoice_count();
    let orders = join_all((0..ORDERS).map(|number| order(&server, number)));
    let reads = join_all(existing.iter().map(|invoice| async {
        for _ in 0..5 {
            let (status, read) = server.json(&path_of(invoice)).await;
            assert_eq!(status, StatusCode::OK, "{read}");
            assert_eq!(read["stale_since"], Value::Null, "it is current");
        }
    }));
    let (answers, _) = tokio::join!(orders, reads);
    let first: Vec<Option<Value>> = answers.iter().map(made).collect();
    let count = first.iter().flatten().count();
    assert!((CONNECTIONS..ORDERS).contains(&count), "{count} were made");
    assert_eq!(sandbox.node.invoice_count() - before, count);

    // A client that retries as told gets one invoice, and the same as before.
    sandbox.node.faults().clear();
    for (number, first) in first.iter().enumerate() {
        let again = made(&order(&server, number).await).expect("there is room");
        if let Some(first) = first {
            assert_eq!(&again, first);
        }
    }
    assert_eq!(sandbox.node.invoice_count() - before, ORDERS);
}
