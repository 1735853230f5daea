//! Taxes, tips and discounts: kept as they were sent, in every answer for the shop, and on a renewal.

use std::time::Duration;

use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::{api::Shop, contract::path_of, harness::Page};

fn sale() -> Value {
    json!({
        "currency": "EUR", "amount": "18.75", "tip": "1.50", "discount": "2.00",
        "tax": [{"rate": "19", "net": "10.00", "tax": "1.90"}, {"rate": "7", "net": "5.00", "tax": "0.35"}],
    })
}

#[tokio::test]
async fn what_was_sent_is_kept_and_the_buyer_does_not_see_it() {
    let shop = Shop::open().await;
    let sent = sale();
    let made = shop.create(&sent).await;
    let path = format!("/api/v1/invoices/{}", made["label"].as_str().unwrap());
    let (_, read) = shop.get(&path).await;
    for seen in [&made, &read] {
        for field in ["tax", "tip", "discount"] {
            assert_eq!(seen[field], sent[field], "{field}");
        }
        assert_eq!(seen["channel"], "api");
    }
    let (_, public) = shop.server.json(&path_of(&made)).await;
    for field in ["tax", "tip", "discount", "channel"] {
        assert_eq!(public.get(field), None, "{field}");
    }
    let plain = shop.create(&json!({"amount_sat": 1})).await;
    assert_eq!(plain["tax"], json!([]));
    assert_eq!(
        (&plain["tip"], &plain["discount"]),
        (&Value::Null, &Value::Null)
    );
    let sat = json!({"currency": "SAT", "amount": "100", "tip": "10"});
    assert_eq!(shop.create(&sat).await["tip"], "10");
}

#[tokio::test]
async fn a_renewal_has_them_too() {
    let shop = Shop::open().await;
    let made = shop.create(&sale()).await;
    shop.sandbox.node.advance(Duration::from_secs(1000));
    let expired = |answer: &Value| answer["status"] == "expired";
    shop.server.json_until(&path_of(&made), expired).await;
    let renew = format!("{}/renew", path_of(&made));
    let request = shop.server.request(Method::POST, &renew);
    let request = request.header(header::ACCEPT, "application/json");
    let page = Page::read(request.send().await).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let renewed: Value = serde_json::from_str(&page.text).unwrap();
    assert_ne!(renewed["label"], made["label"]);
    let path = format!("/api/v1/invoices/{}", renewed["label"].as_str().unwrap());
    assert_eq!(shop.get(&path).await.1["tax"], made["tax"]);
}

#[tokio::test]
async fn a_sum_that_is_another_is_refused_before_the_node_is_asked() {
    let shop = Shop::open().await;
    let asked = shop.sandbox.node.calls("invoice");
    for (field, value, named, code) in [
        ("amount", json!("18.76"), "tax", "tax_sum"),
        ("tip", json!("1.51"), "tax", "tax_sum"),
        ("tip", json!("0"), "tip", "tip_invalid"),
        ("tip", json!(1), "tip", "body_invalid"),
        ("tip", json!("1,50"), "tip", "tip_invalid"),
        ("discount", json!("-1"), "discount", "discount_invalid"),
        (
            "tax",
            json!([{"rate": "19", "net": "17.25"}]),
            "tax",
            "body_invalid",
        ),
        (
            "tax",
            json!([{"rate": "19", "net": "17.2500001", "tax": "0"}]),
            "tax",
            "tax_invalid",
        ),
        (
            "tax",
            json!([{"rate": "1e1", "net": "17.25", "tax": "0"}]),
            "tax",
            "tax_invalid",
        ),
    ] {
        let mut body = sale();
        body[field] = value;
        let (status, error) = shop.post("/api/v1/invoices", &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {error}");
        assert_eq!(error["error"]["code"], code, "{body}: {error}");
        assert_eq!(
            error["error"]["field"]
                .as_str()
                .map(|said| said.starts_with(named)),
            Some(true),
            "{error}"
        );
    }
    let body = json!({"amount_sat": 5, "tax": [{"rate": "0", "net": "5", "tax": "0"}]});
    let (_, error) = shop.post("/api/v1/invoices", &body).await;
    assert_eq!(error["error"]["code"], "price_missing");
    assert_eq!(shop.sandbox.node.calls("invoice"), asked);
}

#[tokio::test]
async fn the_receipt_has_them_and_the_seller() {
    let seller = "Corner Shop Ltd, 1 High Street <London>";
    let settings = [
        ("RECEIPT__SELLER", seller),
        ("RECEIPT__TAX_ID", "GB123456789"),
    ];
    let shop = Shop::with(&settings).await;
    let made = shop.create(&sale()).await;
    let open = shop.server.open(&path_of(&made)).await;
    let bolt11 = made["bolt11"].as_str().unwrap();
    shop.sandbox.node.pay(bolt11, None).unwrap();
    let paid = |answer: &Value| answer["status"] == "paid";
    shop.server.json_until(&path_of(&made), paid).await;
    let receipt = shop.server.open(&path_of(&made)).await;
    assert_eq!(
        receipt.texts(".taxes td"),
        [
            "19 %",
            "10.00 EUR",
            "1.90 EUR",
            "7 %",
            "5.00 EUR",
            "0.35 EUR"
        ]
    );
    assert_eq!(
        receipt.texts("address span"),
        [
            "Corner Shop Ltd",
            "1 High Street <London>",
            "Tax number: GB123456789"
        ]
    );
    let source = made["rate"]["source"].as_str().unwrap();
    for words in ["1.50 EUR", "2.00 EUR", source] {
        assert!(receipt.text_of(".state.paid").contains(words), "{words}");
        assert!(!open.text.contains(words), "{words}");
    }
}
