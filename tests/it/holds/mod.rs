//! Hold invoices: the payment is held until the shop settles or cancels it.

mod deadline;
mod faults;
mod guide;
mod pages;
mod plain;

use facture::web::Mode;
use facture_sandbox::PayError;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{
    api::{Shop, config_with_token},
    harness::Server,
    world::Sandbox,
};

/// A shop on a node that can hold payments.
pub(crate) async fn shop(settings: &[(&str, &str)]) -> Shop {
    let sandbox = Sandbox::with_holds().await;
    let mode = Mode::Sandbox(sandbox.node.clone().into());
    let server = Server::start(config_with_token(settings), mode).await;
    Shop { sandbox, server }
}

fn path(invoice: &Value, what: &str) -> String {
    let label = invoice["label"].as_str().expect("a label");
    format!("/api/v1/invoices/{label}{what}")
}

fn code(answer: &Value) -> &str {
    answer["error"]["code"].as_str().unwrap_or("none")
}

impl Shop {
    async fn hold(&self) -> Value {
        self.create(&json!({ "amount_sat": 2500, "description": "Two nights", "hold": true }))
            .await
    }

    /// The buyer pays; the payment is held.
    fn authorise(&self, invoice: &Value) {
        let bolt11 = invoice["bolt11"].as_str().expect("a string");
        let held = self.sandbox.node.pay(bolt11, None);
        assert_eq!(held, Err(PayError::Held));
    }

    /// One that was paid, as soon as the shop knows.
    async fn held(&self) -> Value {
        let invoice = self.hold().await;
        self.authorise(&invoice);
        self.until(&invoice, "accepted").await
    }

    async fn settle(&self, invoice: &Value) -> (StatusCode, Value) {
        self.post(&path(invoice, "/settle"), &json!({})).await
    }

    async fn cancel(&self, invoice: &Value) -> (StatusCode, Value) {
        self.post(&path(invoice, "/cancel"), &json!({})).await
    }

    async fn read(&self, invoice: &Value) -> Value {
        self.get(&path(invoice, "")).await.1
    }

    /// The invoice, once it is in this state.
    async fn until(&self, invoice: &Value, status: &str) -> Value {
        let waiting = async {
            let mut tick = tokio::time::interval(std::time::Duration::from_millis(20));
            loop {
                tick.tick().await;
                let now = self.read(invoice).await;
                if now["status"] == status {
                    return now;
                }
            }
        };
        let reached = tokio::time::timeout(crate::harness::TIMEOUT, waiting).await;
        reached.unwrap_or_else(|_| panic!("it is not {status} in time"))
    }

    /// The types of its events, in order.
    async fn events(&self, invoice: &Value) -> Vec<String> {
        let (_, log) = self.get("/api/v1/events?limit=100").await;
        let events = log["events"].as_array().expect("events").iter();
        let own = events.filter(|event| event["data"]["invoice"]["label"] == invoice["label"]);
        own.map(|event| event["type"].as_str().expect("a type").to_owned())
            .collect()
    }
}

#[tokio::test]
async fn a_payment_is_held_until_the_shop_takes_it() {
    let shop = shop(&[]).await;
    let invoice = shop.hold().await;
    assert_eq!(invoice["status"], "unpaid");
    let hold = json!({
        "preimage": "facture", "on_deadline": "cancel", "decision": null,
        "held_msat": null, "accepted_at": null, "decide_by_height": null,
    });
    assert_eq!(invoice["hold"], hold);
    let (status, refused) = shop.settle(&invoice).await;
    assert_eq!(
        (status, code(&refused)),
        (StatusCode::CONFLICT, "invoice_not_held")
    );
    let poll = path(&invoice, "/wait?timeout=20");
    let waiting = shop.get(&poll);
    let paying = async { shop.authorise(&invoice) };
    let ((_, accepted), ()) = tokio::join!(waiting, paying);
    assert_eq!(accepted["status"], "accepted", "who waits is told");
    assert_eq!(accepted["paid_at"], json!(null), "nothing is taken yet");
    assert_eq!(accepted["hold"]["held_msat"], 2_500_000);
    // The chain has 118 blocks; the payer locks the payment for 168 more, and 24 before that it is decided.
    assert_eq!(accepted["hold"]["decide_by_height"], 118 + 168 - 24);
    let (_, listed) = shop.get("/api/v1/invoices?status=accepted").await;
    assert_eq!(listed["invoices"], json!([accepted]));
    assert_eq!(
        shop.get("/api/v1/invoices?status=unpaid").await.1["invoices"],
        json!([])
    );

    let (status, paid) = shop.settle(&invoice).await;
    assert_eq!(status, StatusCode::OK, "{paid}");
    assert_eq!(
        (&paid["status"], &paid["amount_received_msat"]),
        (&json!("paid"), &json!(2_500_000))
    );
    assert_eq!(paid["hold"]["decision"], "settle");
    // Twice does no harm.
    assert_eq!(shop.settle(&invoice).await, (StatusCode::OK, paid.clone()));
    let (status, refused) = shop.cancel(&invoice).await;
    assert_eq!(
        (status, code(&refused)),
        (StatusCode::CONFLICT, "invoice_paid")
    );
    assert_eq!(
        shop.events(&invoice).await,
        ["invoice.created", "invoice.accepted", "invoice.paid"]
    );
    // It is among the node's own now, and the payer's wallet has the preimage.
    assert_eq!(shop.sandbox.node.invoice_count(), 1);
}

#[tokio::test]
async fn a_held_payment_is_sent_back() {
    let shop = shop(&[]).await;
    let held = shop.held().await;
    let (status, cancelled) = shop.cancel(&held).await;
    assert_eq!(status, StatusCode::OK, "{cancelled}");
    assert_eq!(cancelled["status"], "cancelled");
    assert!(cancelled["cancelled_at"].as_i64().is_some());
    assert_eq!(cancelled["hold"]["held_msat"], json!(null));
    assert_eq!(
        shop.cancel(&held).await,
        (StatusCode::OK, cancelled.clone())
    );
    let (status, refused) = shop.settle(&held).await;
    assert_eq!(
        (status, code(&refused)),
        (StatusCode::CONFLICT, "invoice_cancelled")
    );
    let bolt11 = held["bolt11"].as_str().unwrap();
    assert!(shop.sandbox.node.pay(bolt11, None).is_err());
    assert_eq!(
        shop.events(&held).await,
        ["invoice.created", "invoice.accepted", "invoice.cancelled"]
    );
    let (_, listed) = shop.get("/api/v1/invoices?status=cancelled").await;
    assert_eq!(listed["invoices"], json!([cancelled]));
    assert_eq!(shop.sandbox.node.invoice_count(), 0);

    // Nobody has paid yet.
    let unpaid = shop.hold().await;
    assert_eq!(shop.cancel(&unpaid).await.1["status"], "cancelled");
    assert_eq!(
        shop.events(&unpaid).await,
        ["invoice.created", "invoice.cancelled"]
    );
}

#[tokio::test]
async fn a_held_payment_has_no_clock_an_unpaid_one_has() {
    let shop = shop(&[]).await;
    let held = shop.held().await;
    let unpaid = shop.hold().await;
    shop.sandbox
        .node
        .advance(std::time::Duration::from_secs(4000));
    let expired = shop.until(&unpaid, "expired").await;
    assert_eq!(expired["cancelled_at"], json!(null));
    let (status, refused) = shop.settle(&unpaid).await;
    assert_eq!(
        (status, code(&refused)),
        (StatusCode::CONFLICT, "invoice_expired")
    );
    assert_eq!(shop.read(&held).await["status"], "accepted");
    assert_eq!(shop.settle(&held).await.1["status"], "paid");
    let renew = format!("/check_invoice/{}/renew", unpaid["label"].as_str().unwrap());
    let page = shop.server.request(reqwest::Method::POST, &renew);
    let answer = page.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::GONE);
}

#[tokio::test]
async fn what_is_not_held_cannot_be_settled() {
    let shop = shop(&[("HOLD__MAX_OPEN", "1")]).await;
    let ordinary = shop.create(&json!({ "amount_sat": 5 })).await;
    assert_eq!(ordinary["hold"], json!(null));
    assert_eq!(code(&shop.settle(&ordinary).await.1), "invoice_not_held");
    let unknown = json!({ "label": "facture_0123456789abcdef0123456789abcdef" });
    assert_eq!(shop.settle(&unknown).await.0, StatusCode::NOT_FOUND);

    let held = shop.held().await;
    let (status, refused) = shop
        .post(
            "/api/v1/invoices",
            &json!({ "amount_sat": 5, "hold": true }),
        )
        .await;
    assert_eq!(
        (status, code(&refused)),
        (StatusCode::TOO_MANY_REQUESTS, "too_many_holds")
    );
    for (preimage, wanted) in [
        ("00".repeat(32), "preimage_invalid"),
        ("zz".to_owned(), "preimage_invalid"),
    ] {
        let body = json!({ "preimage": preimage });
        let (status, refused) = shop.post(&path(&held, "/settle"), &body).await;
        assert_eq!(
            (status, code(&refused)),
            (StatusCode::UNPROCESSABLE_ENTITY, wanted)
        );
        assert_eq!(refused["error"]["field"], "preimage");
    }
    assert_eq!(shop.cancel(&held).await.0, StatusCode::OK);
    shop.hold().await;
    // This node derives payment secrets from preimages.
    for (body, wanted) in [
        (
            json!({ "amount_sat": 5, "hold": true, "payment_hash": "01".repeat(32) }),
            "payment_hash_unavailable",
        ),
        (
            json!({ "amount_sat": 5, "payment_hash": "01".repeat(32) }),
            "payment_hash_invalid",
        ),
        (
            json!({ "amount_sat": 5, "hold": true, "payment_hash": "01" }),
            "payment_hash_invalid",
        ),
    ] {
        let (status, refused) = shop.post("/api/v1/invoices", &body).await;
        assert_eq!(
            (status, code(&refused)),
            (StatusCode::UNPROCESSABLE_ENTITY, wanted)
        );
        assert_eq!(refused["error"]["field"], "payment_hash");
    }
}

#[tokio::test]
async fn the_same_request_makes_one_hold_invoice() {
    let shop = shop(&[]).await;
    let request = async |body: &Value| {
        let call = shop.call(reqwest::Method::POST, "/api/v1/invoices");
        let call = call.header("idempotency-key", "order-7").json(body);
        crate::harness::json(call.send().await).await
    };
    let body = json!({ "amount_sat": 5, "order_id": "7", "hold": true });
    let (status, made) = request(&body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    shop.authorise(&made);
    shop.until(&made, "accepted").await;
    assert_eq!(request(&body).await, (StatusCode::CREATED, made.clone()));
    assert_eq!(shop.settle(&made).await.1["status"], "paid");
    assert_eq!(request(&body).await, (StatusCode::CREATED, made.clone()));
    let other = json!({ "amount_sat": 5, "order_id": "7" });
    assert_eq!(code(&request(&other).await.1), "idempotency_key_reused");
}

/// Lightning Charge knows three states.
#[tokio::test]
async fn lightning_charge_keeps_its_words() {
    let shop = shop(&[]).await;
    let charge = async |invoice: &Value| {
        let path = format!("/invoice/{}", invoice["label"].as_str().unwrap());
        let call = shop.server.request(reqwest::Method::GET, &path);
        let call = call.basic_auth("api-token", Some(crate::api::TOKEN));
        crate::harness::json(call.send().await).await.1
    };
    let held = shop.held().await;
    assert_eq!(charge(&held).await["status"], "unpaid");
    shop.settle(&held).await;
    assert_eq!(charge(&held).await["status"], "paid");
    let cancelled = shop.held().await;
    shop.cancel(&cancelled).await;
    assert_eq!(charge(&cancelled).await["status"], "expired");
}
