//! Never more than there are: a part of the stock is reserved as long as its invoice can be paid.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Shop, page};
use facture_sandbox::{CallFault, Calls};

fn counts(item: &Value) -> (u64, u64, u64) {
    let number = |name: &str| item[name].as_u64().unwrap();
    (number("sold"), number("reserved"), number("available"))
}

async fn is_sold_out(shop: &Shop, id: &str) {
    let (status, error) = shop.buys(id, None).await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (StatusCode::CONFLICT, &json!("sold_out"))
    );
}

#[tokio::test]
async fn what_is_reserved_or_sold_is_not_sold_again() {
    let shop = Shop::open().await;
    shop.offers("poem", json!({ "text": "Roses are red", "stock": 2 }))
        .await;
    let (one, two) = (shop.sale("poem").await, shop.sale("poem").await);
    assert_eq!(counts(&shop.item("poem").await), (0, 2, 0));
    is_sold_out(&shop, "poem").await;
    let shown = shop.open_page("/reveal/poem").await;
    assert!(shown.text_of(".notice").contains("Sold out"));
    assert!(shown.attributes("main form", "action").is_empty());
    let pressed = shop
        .merchant
        .server
        .request(Method::POST, "/reveal/poem")
        .send()
        .await;
    assert_eq!(pressed.unwrap().status(), StatusCode::CONFLICT);
    assert_eq!(shop.merchant.sandbox.node.invoice_count(), 2);

    shop.pay(&one);
    let server = &shop.merchant.server;
    server
        .json_until(&page(&one), |invoice| invoice["status"] == "paid")
        .await;
    assert_eq!(counts(&shop.item("poem").await), (1, 1, 0));
    // Nobody pays the other one: a quarter of an hour is all that it is reserved.
    shop.merchant
        .sandbox
        .node
        .advance(Duration::from_secs(15 * 60 + 1));
    server
        .json_until(&page(&two), |invoice| invoice["status"] == "expired")
        .await;
    assert_eq!(counts(&shop.item("poem").await), (1, 0, 1));
    let three = shop.sale("poem").await;
    shop.pay(&three);
    server
        .json_until(&page(&three), |invoice| invoice["status"] == "paid")
        .await;
    assert_eq!(counts(&shop.item("poem").await), (2, 0, 0));
    is_sold_out(&shop, "poem").await;
    // More of it.
    shop.offers("poem", json!({ "text": "Roses are red", "stock": 3 }))
        .await;
    shop.sale("poem").await;
    is_sold_out(&shop, "poem").await;
}

#[tokio::test]
async fn of_many_at_once_as_many_as_there_are_get_an_invoice() {
    let shop = Shop::open().await;
    shop.offers("poem", json!({ "text": "Roses are red", "stock": 5 }))
        .await;
    let buyers = (0..25).map(|_| shop.buys("poem", None));
    let answers = futures_util::future::join_all(buyers).await;
    let made = answers
        .iter()
        .filter(|(status, _)| *status == StatusCode::CREATED);
    assert_eq!(made.count(), 5);
    let refused = answers
        .iter()
        .filter(|(status, _)| *status == StatusCode::CONFLICT);
    assert_eq!(refused.count(), 20);
    assert_eq!(shop.merchant.sandbox.node.invoice_count(), 5);
    assert_eq!(counts(&shop.item("poem").await), (0, 5, 0));
}

#[tokio::test]
async fn what_the_node_did_not_make_reserves_nothing_and_what_is_cancelled_is_free() {
    let shop = Shop::open().await;
    shop.offers("poem", json!({ "text": "Roses are red", "stock": 1 }))
        .await;
    let node = &shop.merchant.sandbox.node;
    let refusal = CallFault::Fail {
        code: -1,
        message: "not now".to_owned(),
    };
    node.faults().once(Calls::of("invoice"), refusal);
    let (status, error) = shop.buys("poem", None).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{error}");
    assert_eq!(counts(&shop.item("poem").await), (0, 0, 1));
    let sale = shop.sale("poem").await;
    assert_eq!(counts(&shop.item("poem").await), (0, 1, 0));
    let token = crate::payouts::issue(&shop.merchant.records, "invoices:create").await;
    let label = sale["label"].as_str().unwrap();
    let path = format!("/api/v1/invoices/{label}/cancel");
    let (status, _) = shop.merchant.post(&token, &path, &json!({})).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(counts(&shop.item("poem").await), (0, 0, 1));
    shop.sale("poem").await;
}

#[tokio::test]
async fn an_answer_that_was_lost_is_one_invoice_and_one_reservation() {
    let shop = Shop::open().await;
    shop.offers("poem", json!({ "text": "Roses are red", "stock": 2 }))
        .await;
    let node = &shop.merchant.sandbox.node;
    node.faults()
        .once(Calls::of("invoice"), CallFault::CloseAfter);
    let sale = shop.sale("poem").await;
    assert_eq!(node.invoice_count(), 1);
    assert_eq!(counts(&shop.item("poem").await), (0, 1, 1));
    shop.pay(&sale);
    let shown = shop.open_page(&page(&sale)).await;
    assert_eq!(shown.text_of(".sold pre"), "Roses are red");
}
