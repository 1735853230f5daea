//! Items in the API and in the configuration.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{ITEMS, Shop, page};
use crate::{
    api::shapes::Document,
    payouts::{Merchant, issue},
};

#[tokio::test]
async fn answers_are_as_the_document_says() {
    let shop = Shop::open().await;
    let document = Document::of(&shop.merchant.server).await;
    let body =
        json!({ "title": "A poem", "price_msat": 5000, "text": "Roses are red", "stock": 3 });
    for expected in [StatusCode::CREATED, StatusCode::OK] {
        let (status, item) = shop.put("poem", &body).await;
        assert_eq!(status, expected, "{item}");
        document.check("offerItem", status, &item);
        assert!(!item.to_string().contains("Roses"));
    }
    let (status, item) = shop
        .merchant
        .get(&shop.items, &format!("{ITEMS}/poem"))
        .await;
    document.check("readItem", status, &item);
    let (status, list) = shop.merchant.get(&shop.items, ITEMS).await;
    document.check("listItems", status, &list);
    assert_eq!(list["items"], json!([item]));
    let withdraw = async || {
        let request = shop
            .merchant
            .request(&shop.items, Method::DELETE, &format!("{ITEMS}/poem"));
        request.send().await.unwrap().status()
    };
    assert_eq!(withdraw().await, StatusCode::NO_CONTENT);
    assert_eq!(withdraw().await, StatusCode::NOT_FOUND);
    let (status, _) = shop.buys("poem", None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    for scope in ["invoices:read", "invoices:create", "webhooks"] {
        let token = issue(&shop.merchant.records, scope).await;
        let (status, error) = shop.merchant.get(&token, ITEMS).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{error}");
    }
}

#[tokio::test]
async fn bad_input_names_its_field_and_offers_nothing() {
    let shop = Shop::open().await;
    let document = Document::of(&shop.merchant.server).await;
    let text = "Roses are red";
    let file = |name: &str, base64: &str| json!({ "name": name, "base64": base64 });
    for (body, field, code) in [
        (
            json!({ "title": "", "price_msat": 1, "text": text }),
            "title",
            "title_invalid",
        ),
        (
            json!({ "title": "a\nb", "price_msat": 1, "text": text }),
            "title",
            "title_invalid",
        ),
        (
            json!({ "title": "a", "price_msat": 0, "text": text }),
            "price_msat",
            "price_invalid",
        ),
        (
            json!({ "title": "a", "price_msat": 1 }),
            "text",
            "content_invalid",
        ),
        (
            json!({ "title": "a", "price_msat": 1, "text": text, "word": "b" }),
            "text",
            "content_invalid",
        ),
        (
            json!({ "title": "a", "price_msat": 1, "text": "" }),
            "text",
            "content_invalid",
        ),
        (
            json!({ "title": "a", "price_msat": 1, "word": "x".repeat(25) }),
            "word",
            "content_invalid",
        ),
        (
            json!({ "title": "a", "price_msat": 1, "file": file("a/b", "YQ==") }),
            "file.name",
            "content_invalid",
        ),
        (
            json!({ "title": "a", "price_msat": 1, "file": file("a", "?") }),
            "file.base64",
            "content_invalid",
        ),
        (
            json!({ "title": "a", "price_msat": 1, "text": text, "stock": 1e10 }),
            "stock",
            "stock_invalid",
        ),
        (
            json!({ "title": "a", "price_msat": "1", "text": text }),
            "price_msat",
            "body_invalid",
        ),
        (
            json!({ "title": "a", "price_msat": 1, "text": text, "sold": 1 }),
            "sold",
            "body_invalid",
        ),
    ] {
        let (status, error) = shop.put("item", &body).await;
        document.check("offerItem", status, &error);
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!(
            (&error["error"]["field"], &error["error"]["code"]),
            (&json!(field), &json!(code)),
            "{body}"
        );
    }
    let (_, list) = shop.merchant.get(&shop.items, ITEMS).await;
    assert_eq!(list, json!({ "items": [] }));
}

#[tokio::test]
async fn the_configuration_offers_items_that_the_api_leaves_alone() {
    let written = json!({
        "id": "word", "title": "A word", "price_sat": 5, "word": "swordfish", "stock": 1,
    });
    let merchant = Merchant::offering(vec![serde_json::from_value(written).unwrap()]).await;
    let items = issue(&merchant.records, "items").await;
    let shop = Shop { merchant, items };
    let item = shop.item("word").await;
    assert_eq!(
        (&item["origin"], &item["price_msat"]),
        (&json!("configuration"), &json!(5000))
    );
    let body = json!({ "title": "Another", "price_msat": 1, "word": "b" });
    let (status, error) = shop.put("word", &body).await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (StatusCode::CONFLICT, &json!("item_of_configuration"))
    );
    let delete = shop
        .merchant
        .request(&shop.items, Method::DELETE, &format!("{ITEMS}/word"));
    assert_eq!(delete.send().await.unwrap().status(), StatusCode::CONFLICT);
    let sale = shop.sale("word").await;
    shop.pay(&sale);
    let shown = shop.open_page(&page(&sale)).await;
    assert_eq!(shown.text_of(".sold pre"), "swordfish");
    // Taken out of the configuration: it is not offered any more, and what was sold is still there.
    let merchant = shop.merchant.restart(|_| ()).await;
    let shop = Shop { merchant, ..shop };
    let (status, _) = shop.buys("word", None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let shown = shop.open_page(&page(&sale)).await;
    assert_eq!(shown.text_of(".sold pre"), "swordfish");
    let (_, list) = shop.merchant.get(&shop.items, ITEMS).await;
    assert_eq!(list["items"], Value::Array(Vec::new()));
}
