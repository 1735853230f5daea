//! No answer has the preimage of something that is sold, before or after it is paid: it is the buyer's receipt.

use reqwest::{Method, header};
use serde_json::{Value, json};

use super::{Shop, page};
use crate::payouts::issue;

/// All that can be asked about a sale.
async fn answers(shop: &Shop, sale: &Value, admin: &str) -> Vec<(String, String)> {
    let label = sale["label"].as_str().unwrap();
    let path = page(sale);
    let mut all = Vec::new();
    let mut ask = async |method: Method, path: String, accept: &str, body: Option<Value>| {
        let request = shop.merchant.request(admin, method, &path);
        let mut request = request.header(header::ACCEPT, accept);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let headers = answer.headers().clone();
        all.push((path, format!("{headers:?}{}", answer.text().await.unwrap())));
    };
    for accept in ["text/html", "application/json"] {
        for end in ["", "/status", "/content", "/wait?timeout=1", "/qr.svg"] {
            ask(Method::GET, format!("{path}{end}"), accept, None).await;
        }
        ask(
            Method::GET,
            format!("/reveal/{}", sale["item"]["id"].as_str().unwrap()),
            accept,
            None,
        )
        .await;
    }
    for path in [
        format!("/api/v1/invoices/{label}"),
        format!("/api/v1/invoices/{label}/wait?timeout=1"),
        "/api/v1/invoices".to_owned(),
        "/api/v1/events".to_owned(),
        "/api/v1/items".to_owned(),
        format!("/invoice/{label}"),
        format!("/lnurl/verify/{}", sale["payment_hash"].as_str().unwrap()),
    ] {
        ask(Method::GET, path, "application/json", None).await;
    }
    let decode = json!({ "string": sale["bolt11"] });
    ask(
        Method::POST,
        "/api/v1/decode".to_owned(),
        "application/json",
        Some(decode),
    )
    .await;
    all
}

#[tokio::test]
async fn no_answer_has_the_preimage_of_a_sale() {
    let shop = Shop::open().await;
    let admin = issue(&shop.merchant.records, "admin").await;
    shop.offers("word", json!({ "word": "swordfish" })).await;
    shop.offers("poem", json!({ "text": "Roses are red" }))
        .await;
    for (id, sold) in [("word", "swordfish"), ("poem", "Roses are red")] {
        let sale = shop.sale(id).await;
        let before = answers(&shop, &sale, &admin).await;
        for (path, answer) in &before {
            assert!(!answer.contains(sold), "{path}: {answer}");
        }
        shop.pay(&sale);
        let after = answers(&shop, &sale, &admin).await;
        let preimage = shop.preimage(&sale).await;
        for (path, answer) in before.iter().chain(&after) {
            assert!(!answer.contains(&preimage), "{path}: {answer}");
        }
    }
}

#[tokio::test]
async fn the_records_do_not_hold_the_preimage_of_a_sale() {
    let shop = Shop::open().await;
    shop.offers("poem", json!({ "text": "Roses are red" }))
        .await;
    let sale = shop.sale("poem").await;
    shop.pay(&sale);
    shop.merchant
        .server
        .json_until(&page(&sale), |invoice| invoice["status"] == "paid")
        .await;
    let preimage = shop.preimage(&sale).await;
    for file in std::fs::read_dir(&shop.merchant.records).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes.windows(64).any(|part| part == preimage.as_bytes());
            assert!(!found, "{}", path.display());
        }
    }
}
