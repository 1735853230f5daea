//! Never more than there are: a part of the stock is reserved as long as its invoice can be paid.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Shop, page};
use crate::{
    payouts::{Merchant, issue},
    world::Sandbox,
};
use facture::{reveal, web::Mode};
use facture_domain::Preimage;
use facture_sandbox::{CallFault, Calls, PayError};

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
    let token = issue(&shop.merchant.records, "invoices:create").await;
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

/// A shop whose node can hold payments.
async fn holding() -> Shop {
    let sandbox = Sandbox::with_holds().await;
    let mode = Mode::Sandbox(sandbox.node.clone().into());
    let merchant = Merchant::on(sandbox, mode, &[]).await;
    let items = issue(&merchant.records, "items").await;
    Shop { merchant, items }
}

/// The buyer's wallet pays; the payment is held at first.
fn authorise(shop: &Shop, sale: &Value) {
    let bolt11 = sale["bolt11"].as_str().unwrap();
    let held = shop.merchant.sandbox.node.pay(bolt11, None);
    assert_eq!(held, Err(PayError::Held));
}

async fn until(shop: &Shop, sale: &Value, status: &str) {
    let server = &shop.merchant.server;
    server
        .json_until(&page(sale), |invoice| invoice["status"] == status)
        .await;
}

#[tokio::test]
async fn held_payments_are_taken_while_there_are_some_left_and_sent_back_otherwise() {
    let shop = holding().await;
    let poem = json!({ "text": "Roses are red", "stock": 1, "hold": true });
    let item = shop.offers("poem", poem).await;
    assert_eq!(item["hold"], true);
    // Open invoices reserve nothing.
    let (one, two) = (shop.sale("poem").await, shop.sale("poem").await);
    assert_eq!(counts(&shop.item("poem").await), (0, 0, 1));
    let (_, sealed) = shop.download(&two, "sealed").await;
    authorise(&shop, &two);
    until(&shop, &two, "paid").await;
    let shown = shop.open_page(&page(&two)).await;
    assert_eq!(shown.text_of(".sold pre"), "Roses are red");
    let receipt = Preimage::parse(&shop.preimage(&two).await).unwrap();
    let opened = reveal::open(&receipt, &sealed).ok().unwrap();
    assert_eq!(opened.bytes, b"Roses are red");
    assert_eq!(counts(&shop.item("poem").await), (1, 0, 0));
    is_sold_out(&shop, "poem").await;

    authorise(&shop, &one);
    until(&shop, &one, "cancelled").await;
    let shown = shop.open_page(&page(&one)).await;
    assert!(shown.text.contains("Nothing was charged"), "{}", shown.text);
    assert!(!shown.text.contains("Roses"));
    assert_eq!(
        shop.download(&one, "content").await.0,
        StatusCode::PAYMENT_REQUIRED
    );
    assert_eq!(counts(&shop.item("poem").await), (1, 0, 0));
}

#[tokio::test]
async fn of_many_held_payments_as_many_are_taken_as_there_are_also_after_a_restart() {
    let shop = holding().await;
    let poem = json!({ "text": "Roses are red", "stock": 2, "hold": true });
    shop.offers("poem", poem).await;
    let mut sales = Vec::new();
    for _ in 0..5 {
        sales.push(shop.sale("poem").await);
    }
    let merchant = shop.merchant.restart(|_| ()).await;
    let shop = Shop { merchant, ..shop };
    for sale in &sales {
        authorise(&shop, sale);
    }
    let mut paid = 0;
    for sale in &sales {
        let server = &shop.merchant.server;
        let over =
            |invoice: &Value| matches!(invoice["status"].as_str(), Some("paid" | "cancelled"));
        let invoice = server.json_until(&page(sale), over).await;
        paid += usize::from(invoice["status"] == "paid");
    }
    assert_eq!(paid, 2);
    assert_eq!(counts(&shop.item("poem").await), (2, 0, 0));
}

#[tokio::test]
async fn a_word_is_not_held_and_a_node_that_cannot_hold_sells_nothing_that_is() {
    let shop = Shop::open().await;
    let word = json!({ "title": "A word", "price_msat": 1000, "word": "swordfish", "hold": true });
    let (status, error) = shop.put("word", &word).await;
    assert_eq!(
        (status, &error["error"]["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("hold"))
    );
    let poem = json!({ "text": "Roses are red", "stock": 1, "hold": true });
    shop.offers("poem", poem).await;
    let (status, error) = shop.buys("poem", None).await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (StatusCode::NOT_IMPLEMENTED, &json!("hold_unavailable"))
    );
    assert_eq!(counts(&shop.item("poem").await), (0, 0, 1));
}
