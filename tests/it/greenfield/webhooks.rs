//! Webhooks in BTCPay's words.

use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{WebShop, invoice_path};
use crate::harness::receiver::{Received, Receiver, Reply};

/// A shop on a network where receivers are local, and its receiver.
async fn open() -> (WebShop, Receiver) {
    let shop = WebShop::with(&[("WEBHOOKS__ALLOW_PRIVATE", "true")]).await;
    (shop, Receiver::start().await)
}

async fn add(shop: &WebShop, body: Value) -> Value {
    let (status, made) = shop.ask(Method::POST, "/webhooks", Some(&body)).await;
    assert_eq!(status, StatusCode::OK, "{made}");
    made
}

fn told(received: &Received) -> Value {
    serde_json::from_slice(&received.body).expect("JSON")
}

fn types(received: &[Received]) -> Vec<String> {
    let kind = |message: Value| message["type"].as_str().expect("a type").to_owned();
    received.iter().map(told).map(kind).collect()
}

/// The check of BTCPay's own PHP client: the whole header, byte for byte.
fn is_signed(received: &Received, secret: &str) -> bool {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(&received.body);
    let hex = mac.finalize().into_bytes();
    let hex: String = hex.iter().map(|byte| format!("{byte:02x}")).collect();
    received.header("btcpay-sig") == format!("sha256={hex}")
}

const SALE: [&str; 3] = [
    "InvoiceReceivedPayment",
    "InvoicePaymentSettled",
    "InvoiceSettled",
];

#[tokio::test]
async fn a_sale_is_told_by_three_messages_in_order() {
    let (shop, receiver) = open().await;
    let hook = add(
        &shop,
        json!({
            "url": receiver.url("/hook"), "enabled": true, "automaticRedelivery": true,
            "authorizedEvents": {"everything": false, "specificEvents": [
                "InvoiceReceivedPayment", "InvoicePaymentSettled", "InvoiceProcessing", "InvoiceExpired", "InvoiceSettled",
                "InvoiceInvalid",
            ]},
        }),
    )
    .await;
    let secret = hook["secret"].as_str().expect("a secret");
    let metadata = json!({"orderId": "7", "orderNumber": "SW-7", "price": 1.10});
    let made = shop
        .create(&json!({"amount": 1000, "currency": "SATS", "metadata": metadata}))
        .await;
    shop.pay(&made, None).await;
    let received = receiver.wait_for(3).await;
    assert_eq!(types(&received), SALE);
    let mut deliveries = Vec::new();
    for message in &received {
        assert!(is_signed(message, secret));
        let told = told(message);
        for (field, expected) in [
            ("webhookId", hook["id"].clone()),
            ("storeId", json!("tea")),
            ("invoiceId", made["id"].clone()),
            ("metadata", metadata.clone()),
            ("isRedelivery", json!(false)),
            ("manuallyMarked", json!(false)),
            ("overPaid", json!(false)),
            ("afterExpiration", json!(false)),
            ("partiallyPaid", json!(false)),
            ("paymentMethodId", json!("BTC-LN")),
        ] {
            assert_eq!(told[field], expected, "{field}");
        }
        assert_eq!(told["originalDeliveryId"], told["deliveryId"]);
        assert!(told["timestamp"].is_i64());
        deliveries.push(told["deliveryId"].clone());
    }
    deliveries.dedup();
    assert_eq!(deliveries.len(), 3);
    assert_eq!(told(&received[0])["payment"]["value"], "0.00001");
    assert!(told(&received[2]).get("payment").is_none());
}

#[tokio::test]
async fn each_message_waits_for_the_answer_to_the_one_before() {
    let (shop, receiver) = open().await;
    let answer = std::sync::Arc::new(tokio::sync::Notify::new());
    receiver.answer([Reply::When(answer.clone(), 200)]);
    let hook = add(&shop, json!({"url": receiver.url("/"), "authorizedEvents": {"everything": false, "specificEvents": SALE}})).await;
    assert_eq!(hook["authorizedEvents"]["specificEvents"], json!(SALE));
    let made = shop
        .create(&json!({"amount": 1000, "currency": "SATS"}))
        .await;
    shop.pay(&made, None).await;
    receiver.wait_for(1).await;
    // There is nothing to wait for: the others have not been sent while other things have happened.
    let other = shop.create(&json!({"amount": 5, "currency": "SATS"})).await;
    shop.invoice(&other).await;
    assert_eq!(types(&receiver.received()), SALE[..1]);
    answer.notify_one();
    assert_eq!(types(&receiver.wait_for(3).await), SALE);
}

#[tokio::test]
async fn other_events_have_one_message() {
    let (shop, receiver) = open().await;
    let secret = "a secret of the shop";
    let hook = add(&shop, json!({"url": receiver.url("/"), "secret": secret})).await;
    assert_eq!(
        (&hook["secret"], &hook["authorizedEvents"]["everything"]),
        (&json!(secret), &json!(true))
    );
    let body = json!({"amount": 10, "currency": "SATS", "checkout": {"expirationMinutes": 15}});
    let cancelled = shop.create(&body).await;
    let path = format!("{}/status", invoice_path(&cancelled));
    shop.ask(Method::POST, &path, Some(&json!({"status": "Invalid"})))
        .await;
    receiver.wait_for(2).await;
    let expired = shop.create(&body).await;
    shop.expire(&expired).await;
    let received = receiver.wait_for(4).await;
    assert_eq!(
        types(&received),
        [
            "InvoiceCreated",
            "InvoiceInvalid",
            "InvoiceCreated",
            "InvoiceExpired"
        ]
    );
    assert!(received.iter().all(|message| is_signed(message, secret)));
    let invalid = told(&received[1]);
    assert_eq!(
        (&invalid["manuallyMarked"], &invalid["invoiceId"]),
        (&json!(true), &cancelled["id"])
    );
    let over = told(&received[3]);
    assert_eq!(
        (&over["partiallyPaid"], &over["invoiceId"]),
        (&json!(false), &expired["id"])
    );
}

#[tokio::test]
async fn a_webhook_is_told_of_its_own_shop_only() {
    let (shop, receiver) = open().await;
    add(&shop, json!({"url": receiver.url("/tea"), "authorizedEvents": {"specificEvents": ["InvoiceCreated"]}})).await;
    let coffee = shop.issue("greenfield", Some("coffee")).await;
    let request = shop.call_with(&coffee, Method::POST, "/api/v1/stores/coffee/invoices");
    let body = json!({"amount": 5, "currency": "SATS"});
    let made = request.json(&body).send().await.expect("an answer");
    assert_eq!(made.status(), StatusCode::OK);
    shop.server.create("5", "by the form").await;
    let made = shop.create(&body).await;
    let received = receiver.wait_for(1).await;
    assert_eq!(told(&received[0])["invoiceId"], made["id"]);
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn webhooks_are_changed_deleted_and_sent_again() {
    let (shop, receiver) = open().await;
    let made = add(&shop, json!({"url": receiver.url("/a"), "authorizedEvents": {"specificEvents": ["InvoiceSettled"]}})).await;
    let path = format!("/webhooks/{}", made["id"].as_str().expect("an id"));
    let found = shop.get(&path).await;
    assert!(found.get("secret").is_none(), "{found}");
    assert_eq!(shop.get("/webhooks").await, json!([found]));
    let body = json!({
        "url": receiver.url("/b"), "enabled": true, "automaticRedelivery": false, "secret": null,
        "authorizedEvents": {"everything": false, "specificEvents": ["InvoiceSettled", "InvoiceExpired"]},
    });
    let (status, changed) = shop.ask(Method::PUT, &path, Some(&body)).await;
    assert_eq!(status, StatusCode::OK, "{changed}");
    for field in ["url", "enabled", "automaticRedelivery", "authorizedEvents"] {
        assert_eq!(changed[field], body[field], "{field}");
    }
    // Refused once, and never sent again by itself.
    receiver.answer([Reply::Status(500)]);
    let sold = shop.create(&json!({"amount": 5, "currency": "SATS"})).await;
    shop.pay(&sold, None).await;
    let first = receiver.wait_for(1).await.remove(0);
    assert_eq!(
        (
            first.path.as_str(),
            types(std::slice::from_ref(&first))[0].as_str()
        ),
        ("/b", "InvoiceSettled")
    );
    assert!(is_signed(
        &first,
        made["secret"].as_str().expect("a secret")
    ));
    let deliveries = async || shop.get(&format!("{path}/deliveries?count=5")).await;
    let failed = async {
        loop {
            let listed = deliveries().await;
            if listed[0]["status"] == "HttpError" {
                return listed;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let listed = tokio::time::timeout(crate::harness::TIMEOUT, failed)
        .await
        .expect("in time");
    assert_eq!(listed[0]["httpCode"], 500);
    let id = listed[0]["id"].as_str().expect("an id");
    let delivery = format!("{path}/deliveries/{id}");
    assert_eq!(shop.get(&delivery).await, listed[0]);
    let (status, again) = shop
        .ask(Method::POST, &format!("{delivery}.1/redeliver"), None)
        .await;
    assert_eq!((status, &again), (StatusCode::OK, &json!(id)));
    let second = told(&receiver.wait_for(2).await[1]);
    assert_eq!(second["isRedelivery"], true);
    assert_eq!(second["deliveryId"], told(&first)["deliveryId"]);

    // The owner's list does not have it, and its path does not lead there.
    let deleted = shop
        .call(Method::DELETE, &format!("{}{path}", super::STORE))
        .send()
        .await;
    assert_eq!(deleted.expect("an answer").status(), StatusCode::OK);
    assert_eq!(shop.get("/webhooks").await, json!([]));
}

#[tokio::test]
async fn a_payment_that_is_taken_after_the_end_is_told_as_late() {
    let (shop, receiver) = open().await;
    add(&shop, json!({"url": receiver.url("/"), "authorizedEvents": {"everything": false, "specificEvents": [
        "InvoiceReceivedPayment", "InvoicePaymentSettled", "InvoicePaidAfterExpiration", "InvoiceSettled", "InvoiceExpired",
    ]}}))
    .await;
    let made = shop
        .create(&json!({"amount": 1000, "currency": "SATS", "metadata": {"orderId": "9"}}))
        .await;
    let bolt11 = shop.bolt11(&made).await;
    let late = std::time::Duration::from_secs(60);
    shop.sandbox
        .node
        .pay_late(&bolt11, None, late)
        .expect("paid");
    let received = receiver.wait_for(3).await;
    assert_eq!(
        types(&received),
        [
            "InvoiceReceivedPayment",
            "InvoicePaymentSettled",
            "InvoicePaidAfterExpiration"
        ]
    );
    for message in &received {
        let told = told(message);
        assert_eq!(
            (&told["afterExpiration"], &told["metadata"]["orderId"]),
            (&json!(true), &json!("9"))
        );
    }
    let late = shop.invoice(&made).await;
    assert_eq!(
        (&late["status"], &late["additionalStatus"]),
        (&json!("Expired"), &json!("PaidLate"))
    );
    let methods = shop
        .get(&format!("{}/payment-methods", invoice_path(&made)))
        .await;
    assert_eq!(
        (&methods[0]["totalPaid"], &methods[0]["due"]),
        (&json!("0.00001"), &json!("0"))
    );
    let listed = shop.get("/invoices?status=Expired").await;
    assert_eq!(listed[0]["id"], made["id"]);
}

#[tokio::test]
async fn an_overpayment_is_told_in_every_message() {
    let (shop, receiver) = open().await;
    add(&shop, json!({"url": receiver.url("/"), "authorizedEvents": {"everything": false, "specificEvents": SALE}})).await;
    let made = shop
        .create(&json!({"amount": 1000, "currency": "SATS"}))
        .await;
    shop.pay(&made, Some(1_500_000)).await;
    let received = receiver.wait_for(3).await;
    assert_eq!(types(&received), SALE);
    for message in &received {
        let told = told(message);
        assert_eq!(
            (&told["overPaid"], &told["afterExpiration"]),
            (&json!(true), &json!(false))
        );
    }
    assert_eq!(told(&received[0])["payment"]["value"], "0.000015");
}
