//! `POST /api/v1/invoices`, once and several times.

use std::collections::HashSet;

use facture::web::Mode;
use facture_sandbox::{CallFault, Calls, CapacityWarning, Hold};
use futures_util::future::join_all;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::{Shop, TOKEN, config_with_token};
use crate::{
    harness::{Server, json as answer, receiver::Receiver},
    world::Sandbox,
};

const INVOICES: &str = "/api/v1/invoices";

async fn keyed(server: &Server, key: &str, body: &Value) -> (StatusCode, Value) {
    let request = server
        .request(Method::POST, INVOICES)
        .bearer_auth(TOKEN)
        .header("idempotency-key", key);
    answer(request.json(body).send().await).await
}

#[tokio::test]
async fn what_the_shop_said_comes_back() {
    let shop = Shop::open().await;
    let body = json!({
        "amount_msat": 1_234_567,
        "description": "Tea 🍵",
        "expiry": 600,
        "order_id": "2026-7",
        "metadata": { "b": 1, "a": [null, "x"] },
        "redirect_url": "https://shop.example/thanks?order=7",
    });
    let request = shop.call(Method::POST, INVOICES).json(&body);
    let response = request.send().await.unwrap();
    let location = response.headers()[header::LOCATION]
        .to_str()
        .unwrap()
        .to_owned();
    let (status, made) = answer(Ok(response)).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let (_, read) = shop.get(&location).await;
    assert_eq!(made, read);
    for name in [
        "amount_msat",
        "description",
        "order_id",
        "metadata",
        "redirect_url",
    ] {
        assert_eq!(made[name], body[name], "{name}");
    }
    assert_eq!(
        made["expires_at"].as_i64().unwrap() - made["created_at"].as_i64().unwrap(),
        600
    );
    assert_eq!(made["status"], "unpaid");
    // The buyer is told what concerns the buyer.
    let status_path = format!("/check_invoice/{}", made["label"].as_str().unwrap());
    let (_, public) = shop.server.json(&status_path).await;
    assert_eq!(public["bolt11"], made["bolt11"]);
    assert!(public.get("metadata").is_none() && public.get("order_id").is_none());
}

#[tokio::test]
async fn amounts_in_any_of_three_ways() {
    let shop = Shop::open().await;
    for (body, expected) in [
        (json!({ "amount_msat": 1 }), json!(1)),
        (json!({ "amount_sat": 1 }), json!(1000)),
        (json!({ "amount_msat": "any" }), json!("any")),
        (
            json!({ "amount_sat": 1_000_000_000_000_000_u64 }),
            json!(1_000_000_000_000_000_000_u64),
        ),
    ] {
        let made = shop.create(&body).await;
        assert_eq!(made["amount_msat"], expected, "{body}");
    }
}

#[tokio::test]
async fn bad_input_names_the_field_and_reaches_no_node() {
    let shop = Shop::open().await;
    for (body, field) in [
        (json!({}), "amount_msat"),
        (json!({ "amount_msat": 1, "amount_sat": 1 }), "amount_sat"),
        (json!({ "amount_msat": 0 }), "amount_msat"),
        (json!({ "amount_msat": -1 }), "amount_msat"),
        (json!({ "amount_msat": 1.5 }), "amount_msat"),
        (json!({ "amount_msat": "1" }), "amount_msat"),
        (json!({ "amount_sat": "any" }), "amount_sat"),
        (json!({ "amount_sat": u64::MAX }), "amount_sat"),
        (json!({ "amount_msat": u64::MAX }), "amount_msat"),
        (
            json!({ "amount_sat": 1_000_000_000_000_001_u64 }),
            "amount_sat",
        ),
        (
            json!({ "amount_sat": 1, "description": "a\nb" }),
            "description",
        ),
        (
            json!({ "amount_sat": 1, "description": "x".repeat(640) }),
            "description",
        ),
        (json!({ "amount_sat": 1, "description": 7 }), "description"),
        (json!({ "amount_sat": 1, "expiry": 0 }), "expiry"),
        (json!({ "amount_sat": 1, "expiry": 31_536_001 }), "expiry"),
        (json!({ "amount_sat": 1, "order_id": "" }), "order_id"),
        (
            json!({ "amount_sat": 1, "order_id": "x".repeat(256) }),
            "order_id",
        ),
        (
            json!({ "amount_sat": 1, "metadata": "x".repeat(16 * 1024) }),
            "metadata",
        ),
        (
            json!({ "amount_sat": 1, "redirect_url": "javascript:alert(1)" }),
            "redirect_url",
        ),
        (json!({ "amount_sat": 1, "amount_mast": 1 }), "amount_mast"),
    ] {
        let (status, error) = shop.post(INVOICES, &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {error}");
        assert_eq!(error["error"]["field"], field, "{body}: {error}");
    }
    for (content_type, body, expected) in [
        ("application/json", "{", StatusCode::BAD_REQUEST),
        ("application/json", "", StatusCode::BAD_REQUEST),
        (
            "application/json",
            "{\"amount_sat\":1}x",
            StatusCode::BAD_REQUEST,
        ),
        ("application/json", "[]", StatusCode::UNPROCESSABLE_ENTITY),
        // The fields in their order, without names.
        (
            "application/json",
            "[1, null, \"tea\", null, null, null, null, null]",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            "text/plain",
            "{\"amount_sat\":1}",
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
    ] {
        let request = shop
            .call(Method::POST, INVOICES)
            .header(header::CONTENT_TYPE, content_type);
        let (status, error) = answer(request.body(body).send().await).await;
        assert_eq!(status, expected, "{body}: {error}");
    }
    let long = "k".repeat(256);
    for key in ["", "a b", "a\tb", long.as_str()] {
        let (status, error) = keyed(&shop.server, key, &json!({ "amount_sat": 1 })).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(error["error"]["field"], "Idempotency-Key");
    }
    assert_eq!(shop.sandbox.node.calls("invoice"), 0);
}

#[tokio::test]
async fn one_key_is_one_invoice() {
    let shop = Shop::open().await;
    let body = json!({ "amount_sat": 5, "order_id": "7" });
    let (status, first) = keyed(&shop.server, "k", &body).await;
    assert_eq!(status, StatusCode::CREATED);
    shop.sandbox
        .node
        .pay(first["bolt11"].as_str().unwrap(), None)
        .unwrap();
    // The same answer, whatever has happened since.
    assert_eq!(keyed(&shop.server, "k", &body).await, (status, first));
    let (status, error) = keyed(&shop.server, "k", &json!({ "amount_sat": 6 })).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(error["error"]["code"], "idempotency_key_reused");
    assert_eq!(shop.sandbox.node.invoice_count(), 1);
}

#[tokio::test]
async fn a_thousand_at_once_with_a_hundred_keys_make_a_hundred_invoices() {
    let shop = Shop::open().await;
    let requests = (0..1000).map(|number| {
        let server = &shop.server;
        async move {
            let key = format!("order-{}", number % 100);
            let body = json!({ "amount_sat": 1 + number % 100 });
            keyed(server, &key, &body).await
        }
    });
    let mut labels = HashSet::new();
    for (status, made) in join_all(requests).await {
        assert_eq!(status, StatusCode::CREATED, "{made}");
        labels.insert(made["label"].as_str().unwrap().to_owned());
    }
    assert_eq!(labels.len(), 100);
    assert_eq!(shop.sandbox.node.invoice_count(), 100);
}

#[tokio::test]
async fn a_key_survives_a_failure_and_a_restart() {
    let sandbox = Sandbox::start().await;
    let directory = tempfile::tempdir().unwrap();
    let data_dir = directory.path().to_str().unwrap();
    let start = async || {
        let config = config_with_token(&[
            ("STORE__DATA_DIR", data_dir),
            ("NODE__DEADLINE_SECONDS", "1"),
            ("WEBHOOKS__ALLOW_PRIVATE", "true"),
        ]);
        Server::start(config, Mode::Sandbox(sandbox.node.clone().into())).await
    };
    let receiver = Receiver::start().await;
    let webhook = receiver.url("/");
    let body =
        json!({ "amount_sat": 5, "order_id": "7", "metadata": { "a": 1 }, "webhook": webhook });
    let server = start().await;
    // The node makes the invoice, but the answer does not come.
    let hanging = sandbox
        .node
        .faults()
        .hang(Calls::of("invoice"), Hold::Answer);
    let (status, _) = keyed(&server, "k", &body).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    server.stop().await.unwrap();
    hanging.release();
    assert_eq!(sandbox.node.invoice_count(), 1);

    let server = start().await;
    // By now the follower has taken it from the node, which knows nothing of the shop.
    server
        .json_until("/readyz", |ready| ready["status"] == "ready")
        .await;
    let (status, made) = keyed(&server, "k", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let told = receiver.wait_for(1).await;
    assert_eq!(told[0].json()["data"]["invoice"]["label"], made["label"]);
    assert_eq!(made["order_id"], "7");
    assert_eq!(made["metadata"], json!({ "a": 1 }));
    assert_eq!(keyed(&server, "k", &body).await.1, made);
    // A lost answer is repaired within the same request.
    sandbox
        .node
        .faults()
        .once(Calls::of("invoice"), CallFault::CloseAfter);
    let (status, _) = keyed(&server, "other", &body).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(sandbox.node.invoice_count(), 2);
}

#[tokio::test]
async fn two_at_the_same_time_keep_what_the_node_warned_one_of() {
    let shop = Shop::open().await;
    shop.sandbox
        .node
        .set_warning(Some(CapacityWarning::DeadEnds));
    let body = json!({ "amount_sat": 5, "order_id": "7" });
    let hanging = shop
        .sandbox
        .node
        .faults()
        .hang(Calls::of("invoice"), Hold::Answer);
    let release = async {
        hanging.reached(2).await;
        hanging.release();
    };
    let ((_, one), (_, other), ()) = tokio::join!(
        keyed(&shop.server, "k", &body),
        keyed(&shop.server, "k", &body),
        release
    );
    assert_eq!(one["label"], other["label"]);
    let path = format!("{INVOICES}/{}", one["label"].as_str().unwrap());
    let (_, read) = shop.get(&path).await;
    assert_eq!(read["warnings"][0]["code"], "warning_deadends", "{read}");
}

/// The records are lost, in a power cut or for good; the label follows from the key, so the node has it already.
#[tokio::test]
async fn a_key_is_one_invoice_though_the_records_are_lost() {
    let sandbox = Sandbox::start().await;
    let directory = tempfile::tempdir().unwrap();
    let start = async || {
        let data_dir = directory.path().to_str().unwrap();
        let config = config_with_token(&[("STORE__DATA_DIR", data_dir)]);
        let server = Server::start(config, Mode::Sandbox(sandbox.node.clone().into())).await;
        server
            .json_until("/readyz", |ready| ready["status"] == "ready")
            .await;
        server
    };
    let lose = || {
        for lost in ["facture.db", "facture.db-wal", "facture.db-shm"] {
            let _ = std::fs::remove_file(directory.path().join(lost));
        }
    };
    let body = json!({ "amount_sat": 5, "order_id": "7" });
    let server = start().await;
    // The address of the server is another one each time.
    let made_by = async |server: &Server| {
        let (status, mut made) = keyed(server, "k", &body).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        made["status_url"].take();
        made
    };
    let made = made_by(&server).await;
    server.stop().await.unwrap();
    lose();
    let server = start().await;
    assert_eq!(made_by(&server).await, made);
    assert_eq!(sandbox.node.invoice_count(), 1);
    server.stop().await.unwrap();
    lose();
    let server = start().await;
    // Another request under this key is still told so, as far as the node can tell; and it takes nothing from the first.
    let other = json!({ "amount_sat": 6, "order_id": "8" });
    let (status, error) = keyed(&server, "k", &other).await;
    assert_eq!(status, StatusCode::CONFLICT, "{error}");
    assert_eq!(error["error"]["code"], "idempotency_key_reused");
    assert_eq!(made_by(&server).await, made);
    // Another key, and the same of another caller, are another invoice.
    let (_, next) = keyed(&server, "k2", &body).await;
    assert_ne!(next["label"], made["label"]);
    assert_eq!(sandbox.node.invoice_count(), 2);
}
