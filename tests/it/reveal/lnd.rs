//! On LND: texts and files are sold the same way, words are not there.

use facture::{reveal, web::Mode};
use facture_domain::Preimage;
use facture_sandbox::{PayOutcome, Sandbox};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::{ITEMS, page};
use crate::{
    harness::json as answer,
    lnd::world::Lnd,
    payouts::{Merchant, issue},
};

async fn open() -> (Merchant<Lnd>, String) {
    let lnd = Lnd::start().await;
    let mode = Mode::Sandbox(lnd.node.clone().into());
    let merchant = Merchant::on(lnd, mode, &[]).await;
    let items = issue(&merchant.records, "items").await;
    (merchant, items)
}

async fn put(merchant: &Merchant<Lnd>, token: &str, content: Value) -> (StatusCode, Value) {
    let mut body = json!({ "title": "A poem", "price_msat": 5000 });
    for (name, value) in content.as_object().unwrap() {
        body[name] = value.clone();
    }
    let request = merchant.request(token, Method::PUT, &format!("{ITEMS}/poem"));
    answer(request.json(&body).send().await).await
}

#[tokio::test]
async fn a_text_is_sold_and_opened_with_the_receipt() {
    let (merchant, items) = open().await;
    let (status, item) = put(
        &merchant,
        &items,
        json!({ "text": "Roses are red", "stock": 1 }),
    )
    .await;
    assert_eq!(status, StatusCode::CREATED, "{item}");
    let buy = async || {
        let request = merchant.server.request(Method::POST, "/reveal/poem");
        answer(
            request
                .header(header::ACCEPT, "application/json")
                .send()
                .await,
        )
        .await
    };
    let (status, sale) = buy().await;
    assert_eq!(status, StatusCode::CREATED, "{sale}");
    assert_eq!(buy().await.0, StatusCode::CONFLICT);
    let bolt11 = sale["bolt11"].as_str().unwrap();
    let paid = merchant.sandbox.node.pay(bolt11, None).await.unwrap();
    let shown = merchant.server.open(&page(&sale)).await;
    assert_eq!(shown.text_of(".sold pre"), "Roses are red");
    let sealed = merchant
        .server
        .request(Method::GET, &format!("{}/sealed", page(&sale)));
    let sealed = sealed.send().await.unwrap().bytes().await.unwrap();
    let preimage = Preimage::parse(&paid.payment_preimage).unwrap();
    let opened = reveal::open(&preimage, &sealed).ok().unwrap();
    assert_eq!(opened.bytes, b"Roses are red");
}

#[tokio::test]
async fn a_held_payment_is_taken_while_there_is_one_left() {
    let (merchant, items) = open().await;
    let poem = json!({ "text": "Roses are red", "stock": 1, "hold": true });
    let (status, item) = put(&merchant, &items, poem).await;
    assert_eq!(status, StatusCode::CREATED, "{item}");
    let mut sales = Vec::new();
    for _ in 0..2 {
        let request = merchant.server.request(Method::POST, "/reveal/poem");
        let request = request.header(header::ACCEPT, "application/json");
        sales.push(answer(request.send().await).await.1);
    }
    for (sale, end) in sales.iter().zip(["paid", "cancelled"]) {
        let bolt11 = sale["bolt11"].as_str().unwrap();
        let node = Sandbox::Lnd(merchant.sandbox.node.clone());
        assert_eq!(node.pay(bolt11, None), Ok(PayOutcome::Held));
        let over = |invoice: &Value| invoice["status"] == end;
        merchant.server.json_until(&page(sale), over).await;
    }
    let shown = merchant.server.open(&page(&sales[0])).await;
    assert_eq!(shown.text_of(".sold pre"), "Roses are red");
}

#[tokio::test]
async fn a_word_is_refused() {
    let (merchant, items) = open().await;
    let (status, error) = put(&merchant, &items, json!({ "word": "swordfish" })).await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (StatusCode::NOT_IMPLEMENTED, &json!("word_unavailable"))
    );
    let (status, _) = merchant.server.json("/reveal/poem").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
