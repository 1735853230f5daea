//! `/api/v1/webhooks` and `/api/v1/deliveries`.

use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::Shop;
use crate::harness::{TIMEOUT, json as answer, receiver::Receiver};

const WEBHOOKS: &str = "/api/v1/webhooks";

async fn shop() -> Shop {
    Shop::with(&[("WEBHOOKS__ALLOW_PRIVATE", "true")]).await
}

fn id(object: &Value) -> &str {
    object["id"].as_str().unwrap()
}

async fn made(shop: &Shop, body: &Value) -> Value {
    let (status, webhook) = shop.post(WEBHOOKS, body).await;
    assert_eq!(status, StatusCode::CREATED, "{webhook}");
    webhook
}

/// Asks until the webhook's newest deliveries are as they should be.
async fn deliveries_until(
    shop: &Shop,
    webhook: &Value,
    enough: impl Fn(&[Value]) -> bool,
) -> Vec<Value> {
    let path = format!("{WEBHOOKS}/{}/deliveries", id(webhook));
    let asking = async {
        let mut tick = tokio::time::interval(std::time::Duration::from_millis(20));
        loop {
            tick.tick().await;
            let (_, list) = shop.get(&path).await;
            let list = list["deliveries"].as_array().unwrap();
            if enough(list) {
                return list.clone();
            }
        }
    };
    tokio::time::timeout(TIMEOUT, asking)
        .await
        .expect("in time")
}

#[tokio::test]
async fn webhooks_are_made_changed_and_deleted() {
    let shop = shop().await;
    let body = json!({ "url": "https://shop.example/hook", "types": ["invoice.paid"] });
    let response = shop
        .call(Method::POST, WEBHOOKS)
        .json(&body)
        .send()
        .await
        .unwrap();
    let path = response.headers()[header::LOCATION]
        .to_str()
        .unwrap()
        .to_owned();
    let (status, webhook) = answer(Ok(response)).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(webhook["url"], body["url"]);
    assert_eq!(webhook["types"], body["types"]);
    assert_eq!(webhook["state"], "enabled");
    assert_eq!(shop.get(&path).await, (StatusCode::OK, webhook.clone()));
    assert_eq!(shop.get(WEBHOOKS).await.1, json!({ "webhooks": [webhook] }));

    let change = async |body: Value| {
        let request = shop.call(Method::PATCH, &path).json(&body);
        answer(request.send().await).await
    };
    let (status, error) = change(json!({ "state": null })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{error}");
    assert_eq!(error["error"]["field"], "state");
    let (_, changed) = change(json!({ "state": "disabled", "types": null })).await;
    assert_eq!(
        (&changed["state"], &changed["types"]),
        (&json!("disabled"), &Value::Null)
    );
    assert_eq!(changed["url"], body["url"]);
    let (_, changed) = change(json!({ "url": "https://other.example/" })).await;
    assert_eq!(
        (&changed["url"], &changed["state"]),
        (&json!("https://other.example/"), &json!("disabled"))
    );
    for (body, field) in [
        (json!({ "url": "ftp://shop.example" }), "url"),
        (json!({ "url": null }), "url"),
        (json!({ "types": [] }), "types"),
        (json!({ "types": ["invoice.eaten"] }), "types[0]"),
        (json!({ "state": "gone" }), "state"),
        (json!({ "stat": "enabled" }), "stat"),
    ] {
        let (status, error) = change(body.clone()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {error}");
        assert_eq!(error["error"]["field"], field, "{body}: {error}");
    }
    for body in [
        json!({}),
        json!({ "url": "https://user@shop.example/" }),
        json!({ "url": 7 }),
    ] {
        let (status, error) = shop.post(WEBHOOKS, &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {error}");
        assert_eq!(error["error"]["field"], "url", "{body}: {error}");
    }

    let secret = format!("{path}/secret");
    let (_, first) = shop.get(&secret).await;
    assert!(first["secret"].as_str().unwrap().starts_with("whsec_"));
    let (_, rotated) = shop.post(&format!("{secret}/rotate"), &json!({})).await;
    assert_eq!(rotated["previous"], first["secret"]);
    assert_ne!(rotated["secret"], first["secret"]);
    assert_eq!(shop.get(&secret).await.1, rotated);

    let gone = shop.call(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    for (path, code) in [
        (path.as_str(), "webhook_not_found"),
        (&secret, "webhook_not_found"),
        (&format!("{path}/deliveries"), "webhook_not_found"),
        ("/api/v1/webhooks/x", "webhook_not_found"),
        ("/api/v1/deliveries/x", "delivery_not_found"),
        (
            "/api/v1/deliveries/msg_0123456789abcdef0123456789abcdef",
            "delivery_not_found",
        ),
    ] {
        let (status, error) = shop.get(path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(error["error"]["code"], code, "{path}");
    }
}

#[tokio::test]
async fn deliveries_are_listed_read_and_sent_again() {
    let shop = shop().await;
    let receiver = Receiver::start().await;
    let webhook = made(&shop, &json!({ "url": receiver.url("/one") })).await;
    let path = format!("{WEBHOOKS}/{}", id(&webhook));
    let (status, test) = shop.post(&format!("{path}/test"), &json!({})).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{test}");
    assert_eq!(test["sequence"], Value::Null);
    let first = shop.create(&json!({ "amount_sat": 1 })).await;
    shop.create(&json!({ "amount_sat": 2 })).await;
    let done = |count| {
        move |list: &[Value]| {
            list.len() == count && list.iter().all(|delivery| delivery["state"] == "delivered")
        }
    };
    let list = deliveries_until(&shop, &webhook, done(3)).await;
    assert_eq!(id(&list[2]), id(&test), "the newest first");

    let (_, page) = shop.get(&format!("{path}/deliveries?limit=2")).await;
    assert_eq!(page["deliveries"], json!(list[..2]));
    let cursor = page["next_cursor"].as_str().unwrap();
    let (_, rest) = shop
        .get(&format!("{path}/deliveries?limit=2&cursor={cursor}"))
        .await;
    assert_eq!(
        rest,
        json!({ "deliveries": [list[2]], "next_cursor": null })
    );

    let one = format!("/api/v1/deliveries/{}", id(&list[1]));
    let (_, details) = shop.get(&one).await;
    assert_eq!(details["delivery"], list[1]);
    assert_eq!(details["attempts"][0]["status"], 204);
    assert_eq!(details["attempts"][0]["failure"], Value::Null);
    let (status, again) = shop.post(&format!("{one}/redeliver"), &json!({})).await;
    assert_eq!((status, id(&again)), (StatusCode::ACCEPTED, id(&list[1])));
    deliveries_until(&shop, &webhook, |list| {
        list[1]["attempts"] == 2 && list[1]["state"] == "delivered"
    })
    .await;

    // One that came later is told what happened before.
    let late = made(&shop, &json!({ "url": receiver.url("/late") })).await;
    let late_path = format!("{WEBHOOKS}/{}", id(&late));
    let (status, queued) = shop
        .post(&format!("{late_path}/redeliver?after=0"), &json!({}))
        .await;
    assert_eq!(
        (status, queued),
        (StatusCode::ACCEPTED, json!({ "queued": 2 }))
    );
    deliveries_until(&shop, &late, done(2)).await;
    let (status, error) = shop
        .post(&format!("{late_path}/redeliver"), &json!({}))
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(error["error"]["field"], "after");

    let off = shop
        .call(Method::PATCH, &late_path)
        .json(&json!({ "state": "disabled" }));
    assert_eq!(off.send().await.unwrap().status(), StatusCode::OK);
    for what in ["test", "redeliver?after=0"] {
        let (status, error) = shop.post(&format!("{late_path}/{what}"), &json!({})).await;
        assert_eq!(status, StatusCode::CONFLICT, "{what}");
        assert_eq!(error["error"]["code"], "webhook_disabled");
    }
    assert!(first["label"].is_string());
}

#[tokio::test]
async fn an_invoice_names_who_is_told_of_it() {
    let shop = shop().await;
    let receiver = Receiver::start().await;
    let body = json!({ "amount_sat": 1, "webhook": receiver.url("/one") });
    let key = |request: reqwest::RequestBuilder| request.header("idempotency-key", "k").json(&body);
    let create = async || {
        answer(
            key(shop.call(Method::POST, "/api/v1/invoices"))
                .send()
                .await,
        )
        .await
    };
    let (status, made) = create().await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    assert_eq!(create().await, (status, made.clone()), "once");
    let told = receiver.wait_for(1).await.remove(0).json();
    assert_eq!(told["type"], "invoice.created");
    assert_eq!(told["data"]["invoice"]["label"], made["label"]);
    assert!(
        shop.get(WEBHOOKS).await.1["webhooks"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let (_, secret) = shop.get(&format!("{WEBHOOKS}/invoices/secret")).await;
    assert!(secret["secret"].as_str().unwrap().starts_with("whsec_"));
    let (status, error) = shop
        .post(
            "/api/v1/invoices",
            &json!({ "amount_sat": 1, "webhook": "mailto:x@shop.example" }),
        )
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(error["error"]["field"], "webhook");
    assert_eq!(shop.sandbox.node.invoice_count(), 1);
}
