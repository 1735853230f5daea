//! Lightning Addresses: whose server is asked for an invoice, what it may answer, and that one invoice is paid.

use std::sync::{Arc, Mutex};

use axum::{Json, Router, extract::State, routing::get};
use facture_domain::payout::PayoutState;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    orders::Row,
    world::{World, call},
};

const METADATA: &str = "[[\"text/plain\",\"a shop\"]]";
/// The payer may ask servers on this machine.
pub(crate) const PRIVATE: &str = "[destinations]\nallow_private_addresses = true\n";

/// A server of one address.
struct Shop {
    address: String,
    answers: Arc<Answers>,
    serving: JoinHandle<()>,
}

struct Answers {
    origin: String,
    invoices: Mutex<Vec<Value>>,
    asked: Mutex<Vec<String>>,
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Shop {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let place = listener.local_addr().expect("it is bound");
        let answers = Arc::new(Answers {
            origin: format!("http://{place}"),
            invoices: Mutex::default(),
            asked: Mutex::default(),
        });
        let router = Router::new()
            .route("/.well-known/lnurlp/shop", get(pay_request))
            .route("/callback", get(invoice))
            .with_state(Arc::clone(&answers));
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("it serves");
        });
        Self {
            address: format!("shop@{place}"),
            answers,
            serving,
        }
    }

    /// What it answers the next time that it is asked for an invoice.
    fn answers(&self, answer: Value) {
        self.answers.invoices.lock().expect("no panic").push(answer);
    }

    fn order(&self, world: &World, amount_msat: Option<u64>) -> String {
        world.orders.add(Row {
            state: PayoutState::Ordered,
            destination: self.address.clone(),
            kind: "lightning_address",
            amount_msat,
            max_fee_msat: None,
            asked_by: "shop".to_owned(),
            payer: None,
            payment_hash: None,
            outcome: None,
            waits_for_approval: false,
        })
    }
}

async fn pay_request(State(answers): State<Arc<Answers>>) -> Json<Value> {
    Json(json!({
        "tag": "payRequest", "callback": format!("{}/callback?of=shop", answers.origin),
        "minSendable": 1_000, "maxSendable": 100_000, "metadata": METADATA,
    }))
}

async fn invoice(
    State(answers): State<Arc<Answers>>,
    axum::extract::RawQuery(query): axum::extract::RawQuery,
) -> Json<Value> {
    answers
        .asked
        .lock()
        .expect("no panic")
        .push(query.unwrap_or_default());
    let mut invoices = answers.invoices.lock().expect("no panic");
    Json(if invoices.len() > 1 {
        invoices.remove(0)
    } else {
        invoices[0].clone()
    })
}

async fn described(world: &World, amount_msat: u64, description: &str) -> String {
    let label = format!("{:032x}", rand::random::<u128>());
    let params = json!({
        "amount_msat": amount_msat, "label": label, "description": description, "deschashonly": true,
    });
    let made = call(world.merchant.rpc_file(), "invoice", &params).await;
    made["bolt11"].as_str().expect("an invoice").to_owned()
}

#[tokio::test]
async fn an_address_is_paid_with_the_one_invoice_that_its_server_gave() {
    let (world, shop) = (World::open().await, Shop::open().await);
    world.configure(PRIVATE);
    let first = described(&world, 5_000, METADATA).await;
    let second = described(&world, 5_000, METADATA).await;
    shop.answers(json!({ "pr": first, "routes": [] }));
    shop.answers(json!({ "pr": second, "routes": [] }));
    let hanging = world.node.hang_payments();
    let payer = world.pay();
    let id = shop.order(&world, Some(5_000));
    hanging.reached(1).await;
    // Started again it goes on with that invoice, and asks for no other.
    payer.kill().await;
    let _payer = world.pay();
    hanging.release();
    world.orders.state(&id, PayoutState::Paid).await;
    assert!(world.is_paid(&first).await && !world.is_paid(&second).await);
    let asked = shop.answers.asked.lock().expect("no panic").clone();
    assert_eq!(asked, ["of=shop&amount=5000"]);
}

#[tokio::test]
async fn what_its_server_may_not_answer_is_not_paid() {
    let (world, shop) = (World::open().await, Shop::open().await);
    world.configure(PRIVATE);
    let _payer = world.pay();
    let plain = world.invoice(5_000).await;
    for (answer, amount, code) in [
        (
            json!({ "pr": described(&world, 6_000, METADATA).await }),
            Some(5_000),
            "destination_invalid",
        ),
        (
            json!({ "pr": described(&world, 5_000, "other").await }),
            Some(5_000),
            "destination_invalid",
        ),
        (json!({ "pr": plain }), Some(5_000), "destination_invalid"),
        (
            json!({ "pr": "lnbcrt1" }),
            Some(5_000),
            "destination_invalid",
        ),
        (json!({}), Some(5_000), "destination_invalid"),
        (
            json!({ "status": "ERROR", "reason": "closed" }),
            Some(5_000),
            "destination_refused",
        ),
        (json!({}), Some(999), "amount_not_allowed"),
        (json!({}), Some(100_001), "amount_not_allowed"),
        (json!({}), None, "amount_missing"),
    ] {
        shop.answers.invoices.lock().expect("no panic").clear();
        shop.answers(answer.clone());
        let id = shop.order(&world, amount);
        let row = world.orders.until(&id, |row| row.state.is_final()).await;
        assert_eq!(row.code(), code, "{answer} {row:?}");
    }
    assert_eq!(world.node.calls("xpay"), 0);
}

#[tokio::test]
async fn a_server_on_this_machine_is_not_asked() {
    let (world, shop) = (World::open().await, Shop::open().await);
    let _payer = world.pay();
    let id = shop.order(&world, Some(5_000));
    let row = world.orders.state(&id, PayoutState::Failed).await;
    assert_eq!(row.code(), "destination_invalid");
    assert!(shop.answers.asked.lock().expect("no panic").is_empty());
}
