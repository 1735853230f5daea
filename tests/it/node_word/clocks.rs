//! The clocks of node and server differ: whether an invoice can be paid is the node's to say, everywhere alike.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{Shop, api, bolt11, by_charge, server};
use crate::{
    api::TOKEN,
    contract::path_of,
    harness::{Server, TIMEOUT},
};

const HOUR: Duration = Duration::from_secs(3600);

/// What each way of asking says of it: its state in the words of the API for buyers, for shops and of Lightning Charge.
async fn said(server: &Server, invoice: &Value) -> [Value; 3] {
    let label = invoice["label"].as_str().expect("a label");
    let (_, buyer) = server.json(&path_of(invoice)).await;
    let (_, shop) = api(server, &format!("/api/v1/invoices/{label}")).await;
    let charge = by_charge(server, &format!("/invoice/{label}")).await;
    let charge: Value = serde_json::from_str(&charge.text).expect("JSON");
    [buyer, shop, charge].map(|answer| answer["status"].clone())
}

#[tokio::test]
async fn an_invoice_is_payable_as_long_as_the_node_says_so() {
    let shop = Shop::open().await;
    // Its time is over by our clock as soon as it is made.
    shop.node().set_back(HOUR);
    let settings = [("INVOICE__EXPIRY_SECONDS", "60")];
    let server = server(shop.node().rpc_file(), shop.records.path(), &settings).await;
    let invoice = server.create("21", "late").await;
    let label = invoice["label"].as_str().expect("a label");
    assert_eq!(said(&server, &invoice).await, ["unpaid"; 3]);
    let page = server.open(&path_of(&invoice)).await;
    assert_eq!(page.text_of("#bolt11"), bolt11(&invoice));
    let refreshed = server.open(&format!("{}/status", path_of(&invoice))).await;
    let pause: u64 = refreshed.header("refresh").parse().expect("seconds");
    assert!(pause >= 5, "not again and again: {pause}");
    let page = server.open(&format!("/checkout/{label}")).await;
    assert_eq!(page.text_of("#bolt11"), bolt11(&invoice));

    let waits = server
        .open(&format!("{}/wait?timeout=1", path_of(&invoice)))
        .await;
    assert_eq!(waits.status, StatusCode::NO_CONTENT);
    let waits = by_charge(&server, &format!("/invoice/{label}/wait?timeout=0.1")).await;
    assert_eq!(waits.status, StatusCode::PAYMENT_REQUIRED);
    let hook = server.request(Method::POST, &format!("/invoice/{label}/webhook"));
    let hook = hook.basic_auth("api-token", Some(TOKEN));
    let hook = hook
        .json(&json!({ "url": "https://shop.example/hook" }))
        .send()
        .await;
    assert_eq!(hook.expect("an answer").status(), StatusCode::CREATED);

    // A wait is not over before the node says so.
    let path = format!("/invoice/{label}/wait?timeout=100");
    let (paid, ()) = tokio::join!(by_charge(&server, &path), async {
        server.json(&path_of(&invoice)).await;
        shop.pay(&invoice);
    });
    assert_eq!(paid.status, StatusCode::OK);
    assert_eq!(said(&server, &invoice).await, ["paid"; 3]);
}

#[tokio::test]
async fn an_invoice_is_expired_as_soon_as_the_node_says_so() {
    let shop = Shop::open().await;
    let server = shop.server().await;
    // An hour by our clock.
    let invoice = server.create("21", "early").await;
    let label = invoice["label"].as_str().expect("a label");
    let path = format!("/invoice/{label}/wait?timeout=100");
    let (gone, ()) = tokio::join!(by_charge(&server, &path), async {
        server.json(&path_of(&invoice)).await;
        shop.node().advance(2 * HOUR);
    });
    assert_eq!(gone.status, StatusCode::GONE);
    assert_eq!(said(&server, &invoice).await, ["expired"; 3]);
    let page = server.open(&path_of(&invoice)).await;
    assert_eq!(page.text_of("h1"), "Expired");
    let page = server.open(&format!("/checkout/{label}")).await;
    assert_eq!(page.text_of("h1"), "Expired");
}

/// They count as unpaid as long as somebody can pay them.
#[tokio::test]
async fn the_limit_of_unpaid_invoices_is_by_the_nodes_word() {
    let shop = Shop::open().await;
    shop.node().set_back(HOUR);
    let settings = [
        ("INVOICE__EXPIRY_SECONDS", "60"),
        ("LIMITS__UNPAID_INVOICES", "2"),
    ];
    let server = server(shop.node().rpc_file(), shop.records.path(), &settings).await;
    // They are counted anew each second.
    let making = async |refused| loop {
        let (status, answer) = server.submit_json(&[("amount", "21")]).await;
        if (answer["error"]["code"] == "too_many_unpaid") == refused {
            return status;
        }
    };
    let refused = timeout(TIMEOUT, making(true)).await.expect("in time");
    assert_eq!(refused, StatusCode::TOO_MANY_REQUESTS);
    shop.node().advance(HOUR);
    let made = timeout(TIMEOUT, making(false)).await.expect("in time");
    assert_eq!(made, StatusCode::CREATED);
}
