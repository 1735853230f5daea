//! Hold invoices on LND, which has its own.

use std::time::Duration;

use facture::web::Mode;
use facture_domain::Preimage;
use facture_node::lnd::Method as Call;
use facture_sandbox::{CallFault, Calls, Hold, PayError, Payment};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{task::JoinHandle, time::timeout};

use super::world::Lnd;
use crate::{
    api::{TOKEN, config_with_token},
    harness::{Server, TIMEOUT, json as answer},
};

/// A shop on LND, whose records outlive its server.
pub(super) struct Shop {
    pub(super) lnd: Lnd,
    server: Server,
    directory: TempDir,
}

impl Shop {
    async fn open() -> Self {
        Self::on(Lnd::start().await).await
    }

    pub(super) async fn on(lnd: Lnd) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let server = Self::server(&lnd, &directory).await;
        Self {
            lnd,
            server,
            directory,
        }
    }

    async fn server(lnd: &Lnd, directory: &TempDir) -> Server {
        let data_dir = directory.path().to_str().expect("a plain path");
        let own = lnd.settings();
        let own = own
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()));
        let more = [
            ("STORE__DATA_DIR", data_dir),
            ("NODE__DEADLINE_SECONDS", "1"),
        ];
        let settings: Vec<_> = own.chain(more).collect();
        Server::start(config_with_token(&settings), Mode::Live).await
    }

    async fn restart(self) -> Self {
        self.server.stop().await.expect("in order");
        let server = Self::server(&self.lnd, &self.directory).await;
        Self { server, ..self }
    }

    async fn call(&self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        let call = self.server.request(method, path).bearer_auth(TOKEN);
        answer(call.json(body).send().await).await
    }

    pub(super) async fn hold(&self, body: Value) -> Value {
        let (status, made) = self.call(Method::POST, "/api/v1/invoices", &body).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        made
    }

    /// The buyer's wallet pays, and waits for what becomes of it.
    pub(super) fn pay(&self, invoice: &Value) -> JoinHandle<Result<Payment, PayError>> {
        let (node, bolt11) = (self.lnd.node.clone(), invoice["bolt11"].clone());
        tokio::spawn(async move { node.pay(bolt11.as_str().expect("a string"), None).await })
    }

    pub(super) async fn post(
        &self,
        invoice: &Value,
        what: &str,
        body: Value,
    ) -> (StatusCode, Value) {
        let label = invoice["label"].as_str().expect("a label");
        let path = format!("/api/v1/invoices/{label}/{what}");
        self.call(Method::POST, &path, &body).await
    }

    /// Without reading the invoice itself, which would be looked up then: the follower has to learn of it.
    pub(super) async fn until_event(&self, invoice: &Value, kind: &str) {
        let waiting = async {
            let mut tick = tokio::time::interval(Duration::from_millis(20));
            loop {
                tick.tick().await;
                let path = format!("/api/v1/events?limit=100&types={kind}");
                let (_, log) = self.call(Method::GET, &path, &Value::Null).await;
                let mut events = log["events"].as_array().expect("events").iter();
                if events.any(|event| event["data"]["invoice"]["label"] == invoice["label"]) {
                    return;
                }
            }
        };
        let told = timeout(TIMEOUT, waiting).await;
        told.unwrap_or_else(|_| panic!("{kind} is not told in time"));
    }

    async fn read(&self, invoice: &Value) -> Value {
        let label = invoice["label"].as_str().expect("a label");
        let path = format!("/api/v1/invoices/{label}");
        self.call(Method::GET, &path, &Value::Null).await.1
    }
}

pub(super) fn plain() -> Value {
    json!({ "amount_sat": 2500, "description": "Two nights", "hold": true })
}

fn code(answer: &Value) -> &str {
    answer["error"]["code"].as_str().unwrap_or("none")
}

#[tokio::test]
async fn a_payment_is_held_and_settled_or_sent_back() {
    let shop = Shop::open().await;
    let invoice = shop.hold(plain()).await;
    let paying = shop.pay(&invoice);
    shop.until_event(&invoice, "invoice.accepted").await;
    let held = shop.read(&invoice).await;
    assert_eq!(held["status"], "accepted");
    assert_eq!(held["hold"]["held_msat"], 2_500_000);
    // 260 blocks, 168 more for which it is locked and 3 that the wallet adds, less 24.
    assert_eq!(held["hold"]["decide_by_height"], 260 + 168 + 3 - 24);
    let (status, paid) = shop.post(&invoice, "settle", json!({})).await;
    assert_eq!((status, &paid["status"]), (StatusCode::OK, &json!("paid")));
    let payment = paying.await.expect("it ends").expect("it is taken");
    let preimage = Preimage::parse(&payment.payment_preimage).expect("a preimage");
    assert_eq!(
        preimage.payment_hash().to_string(),
        invoice["payment_hash"].as_str().expect("a hash")
    );
    assert!(!held.to_string().contains(&payment.payment_preimage));
    assert_eq!(shop.post(&invoice, "settle", json!({})).await.1, paid);

    let invoice = shop.hold(plain()).await;
    let paying = shop.pay(&invoice);
    shop.until_event(&invoice, "invoice.accepted").await;
    let (status, cancelled) = shop.post(&invoice, "cancel", json!({})).await;
    assert_eq!(
        (status, &cancelled["status"]),
        (StatusCode::OK, &json!("cancelled"))
    );
    assert!(paying.await.expect("it ends").is_err());
    let (status, refused) = shop.post(&invoice, "settle", json!({})).await;
    assert_eq!(
        (status, code(&refused)),
        (StatusCode::CONFLICT, "invoice_cancelled")
    );
    let unpaid = shop.hold(plain()).await;
    assert_eq!(
        shop.post(&unpaid, "cancel", json!({})).await.1["status"],
        "cancelled"
    );
}

#[tokio::test]
async fn the_shop_may_bring_a_payment_hash_of_its_own() {
    let shop = Shop::open().await;
    let preimage = Preimage::from_bytes([7; 32]);
    let mut body = plain();
    body["payment_hash"] = preimage.payment_hash().to_string().into();
    let invoice = shop.hold(body.clone()).await;
    assert_eq!(invoice["payment_hash"], body["payment_hash"]);
    assert_eq!(invoice["hold"]["preimage"], "shop");
    assert_eq!(invoice["hold"]["on_deadline"], "cancel");
    let (status, refused) = shop.call(Method::POST, "/api/v1/invoices", &body).await;
    assert_eq!(
        (status, code(&refused)),
        (StatusCode::UNPROCESSABLE_ENTITY, "payment_hash_used")
    );
    let paying = shop.pay(&invoice);
    shop.until_event(&invoice, "invoice.accepted").await;
    for (sent, wanted) in [
        (json!({}), "preimage_required"),
        (json!({ "preimage": "08".repeat(32) }), "preimage_invalid"),
    ] {
        let (status, refused) = shop.post(&invoice, "settle", sent).await;
        assert_eq!(
            (status, code(&refused)),
            (StatusCode::UNPROCESSABLE_ENTITY, wanted)
        );
    }
    let (status, paid) = shop
        .post(&invoice, "settle", json!({ "preimage": preimage.to_hex() }))
        .await;
    assert_eq!((status, &paid["status"]), (StatusCode::OK, &json!("paid")));
    assert!(paying.await.expect("it ends").is_ok());
}

#[tokio::test]
async fn deadlines_are_met_and_what_lnd_cancels_is_cancelled() {
    let shop = Shop::open().await;
    let invoice = shop.hold(plain()).await;
    let paying = shop.pay(&invoice);
    shop.until_event(&invoice, "invoice.accepted").await;
    shop.lnd.node.mine(168 + 3 - 24 - 12).expect("mined");
    shop.until_event(&invoice, "invoice.hold_expiring").await;
    shop.lnd.node.mine(12).expect("mined");
    shop.until_event(&invoice, "invoice.cancelled").await;
    assert!(paying.await.expect("it ends").is_err());
    assert_eq!(shop.read(&invoice).await["hold"]["decision"], "cancel");

    // facture comes too late: with 18 blocks left LND sends it back by itself.
    let invoice = shop.hold(plain()).await;
    let paying = shop.pay(&invoice);
    shop.until_event(&invoice, "invoice.accepted").await;
    shop.lnd.node.mine(168 + 3 - 18).expect("mined");
    shop.until_event(&invoice, "invoice.cancelled").await;
    assert!(paying.await.expect("it ends").is_err());
}

#[tokio::test]
async fn a_crash_ends_in_what_lnd_says() {
    for (call, method, decided) in [
        ("settle", "SettleInvoice", "paid"),
        ("cancel", "CancelInvoice", "cancelled"),
    ] {
        for hold in [Hold::Call, Hold::Answer] {
            let shop = Shop::open().await;
            let invoice = shop.hold(plain()).await;
            let paying = shop.pay(&invoice);
            shop.until_event(&invoice, "invoice.accepted").await;
            let hanging = shop.lnd.node.faults().hang(Calls::of(method), hold);
            let (status, _) = shop.post(&invoice, call, json!({})).await;
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
            let shop = shop.restart().await;
            hanging.release();
            shop.until_event(&invoice, &format!("invoice.{decided}"))
                .await;
            assert_eq!(shop.read(&invoice).await["status"], decided);
            assert_eq!(paying.await.expect("it ends").is_ok(), decided == "paid");
        }
    }
}

#[tokio::test]
async fn a_lost_answer_does_no_harm() {
    let shop = Shop::open().await;
    let faults = shop.lnd.node.faults();
    for (call, method) in [("settle", "SettleInvoice"), ("cancel", "CancelInvoice")] {
        faults.once(Calls::of("AddHoldInvoice"), CallFault::CloseAfter);
        let invoice = shop.hold(plain()).await;
        let paying = shop.pay(&invoice);
        shop.until_event(&invoice, "invoice.accepted").await;
        faults.once(Calls::of(method), CallFault::CloseAfter);
        let (status, over) = shop.post(&invoice, call, json!({})).await;
        assert_eq!(status, StatusCode::OK, "{over}");
        assert_eq!(paying.await.expect("it ends").is_ok(), call == "settle");
    }
}

#[tokio::test]
async fn lost_records_are_rebuilt_by_counting() {
    let shop = Shop::open().await;
    let settled = shop.hold(plain()).await;
    let paying = shop.pay(&settled);
    shop.until_event(&settled, "invoice.accepted").await;
    shop.post(&settled, "settle", json!({})).await;
    assert!(paying.await.expect("it ends").is_ok());
    let held = shop.hold(plain()).await;
    let paying = shop.pay(&held);
    shop.until_event(&held, "invoice.accepted").await;
    let Shop {
        lnd,
        server,
        directory,
    } = shop;
    server.stop().await.expect("in order");
    std::fs::remove_file(directory.path().join("facture.db")).expect("they are lost");
    let server = Shop::server(&lnd, &directory).await;
    let shop = Shop {
        lnd,
        server,
        directory,
    };
    shop.until_event(&held, "invoice.accepted").await;
    assert_eq!(shop.read(&settled).await["status"], "paid");
    let (status, paid) = shop.post(&held, "settle", json!({})).await;
    assert_eq!((status, &paid["status"]), (StatusCode::OK, &json!("paid")));
    assert!(paying.await.expect("it ends").is_ok());
    // Counting begins anew, and goes past those that were used.
    let next = shop.hold(plain()).await;
    assert_ne!(next["payment_hash"], held["payment_hash"]);
    assert_ne!(next["payment_hash"], settled["payment_hash"]);
}

#[tokio::test]
async fn a_macaroon_without_the_right_is_a_missing_capability() {
    let lnd = Lnd::start().await;
    let uris = Call::in_macaroon().filter(|call| *call != Call::AddHoldInvoice);
    let macaroon = lnd.node.bake("less", uris.map(Call::uri)).expect("written");
    let lnd = Lnd {
        macaroon_file: macaroon,
        ..lnd
    };
    let directory = tempfile::tempdir().expect("a directory");
    let server = Shop::server(&lnd, &directory).await;
    let shop = Shop {
        lnd,
        server,
        directory,
    };
    let (status, refused) = shop.call(Method::POST, "/api/v1/invoices", &plain()).await;
    assert_eq!(
        (status, code(&refused)),
        (StatusCode::NOT_IMPLEMENTED, "hold_unavailable")
    );
}

#[tokio::test]
async fn the_same_request_makes_one_hold_invoice() {
    let shop = Shop::open().await;
    let request = async || {
        let call = shop.server.request(Method::POST, "/api/v1/invoices");
        let call = call.bearer_auth(TOKEN).header("idempotency-key", "order-7");
        answer(call.json(&plain()).send().await).await
    };
    let hanging = shop
        .lnd
        .node
        .faults()
        .hang(Calls::of("AddHoldInvoice"), Hold::Answer);
    assert_eq!(request().await.0, StatusCode::SERVICE_UNAVAILABLE);
    hanging.release();
    let (status, made) = request().await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    assert_eq!(request().await, (StatusCode::CREATED, made.clone()));
    assert_eq!(shop.lnd.node.invoice_count(), 1);
    let paying = shop.pay(&made);
    shop.until_event(&made, "invoice.accepted").await;
    assert_eq!(
        shop.post(&made, "settle", json!({})).await.1["status"],
        "paid"
    );
    assert!(paying.await.expect("it ends").is_ok());
}
