//! `POST /api/v1/invoices/{label}/cancel`, and waiting for what becomes of an invoice.

use facture::web::Mode;
use facture_sandbox::{CallFault, Calls, Hold};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Shop, config_with_token};
use crate::{
    harness::{Page, Server},
    world::Sandbox,
};

fn path(invoice: &Value, what: &str) -> String {
    format!(
        "/api/v1/invoices/{}{what}",
        invoice["label"].as_str().unwrap()
    )
}

async fn cancel(shop: &Shop, invoice: &Value) -> (StatusCode, Value) {
    shop.post(&path(invoice, "/cancel"), &json!({})).await
}

fn code(answer: &Value) -> &str {
    answer["error"]["code"].as_str().unwrap_or("none")
}

#[tokio::test]
async fn what_is_cancelled_cannot_be_paid() {
    let shop = Shop::open().await;
    let invoice = shop
        .create(&json!({ "amount_sat": 5, "order_id": "7" }))
        .await;
    let wait = path(&invoice, "/wait");
    let waiting = shop.get(&wait);
    let ((_, over), (status, cancelled)) = tokio::join!(waiting, cancel(&shop, &invoice));
    assert_eq!(status, StatusCode::OK, "{cancelled}");
    assert_eq!(cancelled["status"], "expired");
    assert!(cancelled["cancelled_at"].as_i64().is_some());
    assert_eq!(over, cancelled, "who waits is told");
    assert!(
        shop.sandbox
            .node
            .pay(invoice["bolt11"].as_str().unwrap(), None)
            .is_err()
    );
    assert_eq!(
        cancel(&shop, &invoice).await,
        (StatusCode::OK, cancelled.clone())
    );
    assert_eq!(shop.get(&path(&invoice, "")).await.1, cancelled);
    let (_, log) = shop.get("/api/v1/events?types=invoice.cancelled").await;
    assert_eq!(log["events"].as_array().unwrap().len(), 1);
    assert_eq!(log["events"][0]["data"]["invoice"], cancelled);
}

#[tokio::test]
async fn the_buyer_or_the_clock_may_be_first() {
    let shop = Shop::open().await;
    let paid = shop.create(&json!({ "amount_sat": 5 })).await;
    shop.sandbox
        .node
        .pay(paid["bolt11"].as_str().unwrap(), None)
        .unwrap();
    let (status, answer) = cancel(&shop, &paid).await;
    assert_eq!(
        (status, code(&answer)),
        (StatusCode::CONFLICT, "invoice_paid")
    );
    assert_eq!(shop.get(&path(&paid, "")).await.1["status"], "paid");

    // While the node is being asked to delete it.
    let raced = shop.create(&json!({ "amount_sat": 6 })).await;
    let hanging = shop
        .sandbox
        .node
        .faults()
        .hang(Calls::of("delinvoice"), Hold::Call);
    let paying = async {
        hanging.reached(1).await;
        shop.sandbox
            .node
            .pay(raced["bolt11"].as_str().unwrap(), None)
            .unwrap();
        hanging.release();
    };
    let ((status, answer), ()) = tokio::join!(cancel(&shop, &raced), paying);
    assert_eq!(
        (status, code(&answer)),
        (StatusCode::CONFLICT, "invoice_paid")
    );
    assert_eq!(shop.get(&path(&raced, "")).await.1["status"], "paid");

    let late = shop.create(&json!({ "amount_sat": 5, "expiry": 60 })).await;
    shop.sandbox
        .node
        .advance(std::time::Duration::from_secs(100));
    let (status, answer) = cancel(&shop, &late).await;
    assert_eq!(
        (status, code(&answer)),
        (StatusCode::CONFLICT, "invoice_expired")
    );
    let unknown = json!({ "label": "facture_0123456789abcdef0123456789abcdef" });
    let (status, answer) = cancel(&shop, &unknown).await;
    assert_eq!(
        (status, code(&answer)),
        (StatusCode::NOT_FOUND, "invoice_not_found")
    );
}

#[tokio::test]
async fn a_lost_answer_does_no_harm() {
    let sandbox = Sandbox::start().await;
    let directory = tempfile::tempdir().unwrap();
    let settings = [
        ("STORE__DATA_DIR", directory.path().to_str().unwrap()),
        ("NODE__DEADLINE_SECONDS", "1"),
    ];
    let start = async || {
        Server::start(
            config_with_token(&settings),
            Mode::Sandbox(sandbox.node.clone().into()),
        )
        .await
    };
    let shop = Shop {
        server: start().await,
        sandbox: Sandbox::start().await,
    };
    let lost = shop.create(&json!({ "amount_sat": 5 })).await;
    sandbox
        .node
        .faults()
        .once(Calls::of("delinvoice"), CallFault::CloseAfter);
    assert_eq!(cancel(&shop, &lost).await.0, StatusCode::OK);

    let slow = shop.create(&json!({ "amount_sat": 5 })).await;
    let hanging = sandbox
        .node
        .faults()
        .hang(Calls::of("delinvoice"), Hold::Answer);
    let (status, answer) = cancel(&shop, &slow).await;
    assert_eq!(
        (status, code(&answer)),
        (StatusCode::SERVICE_UNAVAILABLE, "node_timeout")
    );
    // The node has it no more, the records do not know it yet: as after a crash.
    hanging.release();
    shop.server.stop().await.unwrap();
    let shop = Shop {
        server: start().await,
        sandbox: shop.sandbox,
    };
    let (status, cancelled) = cancel(&shop, &slow).await;
    assert_eq!(status, StatusCode::OK, "{cancelled}");
    assert_eq!(cancelled["status"], "expired");
}

#[tokio::test]
async fn waiting_ends_with_the_payment_or_the_time() {
    let shop = Shop::open().await;
    let invoice = shop
        .create(&json!({ "amount_sat": 5, "order_id": "7" }))
        .await;
    let nothing = shop.call(Method::GET, &path(&invoice, "/wait?timeout=1"));
    let nothing = Page::read(nothing.send().await).await;
    assert_eq!(
        (nothing.status, nothing.text.as_str()),
        (StatusCode::NO_CONTENT, "")
    );
    let wait = path(&invoice, "/wait?timeout=60");
    let paying = async {
        shop.sandbox
            .node
            .pay(invoice["bolt11"].as_str().unwrap(), None)
    };
    let ((status, paid), bought) = tokio::join!(shop.get(&wait), paying);
    bought.unwrap();
    assert_eq!((status, &paid["status"]), (StatusCode::OK, &json!("paid")));
    assert_eq!(paid["order_id"], "7", "the shop's side of it too");
    for query in [
        "timeout=0",
        "timeout=61",
        "timeout=",
        "timeout=1&timeout=2",
        "time=1",
    ] {
        let (status, error) = shop.get(&path(&invoice, &format!("/wait?{query}"))).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {error}");
    }
}
