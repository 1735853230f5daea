//! Lost answers, crashes and two calls at once.

use facture::web::Mode;
use facture_sandbox::{CallFault, Calls, Hold};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{code, path, shop};
use crate::{
    api::{Shop, config_with_token},
    harness::Server,
    world::Sandbox,
};

/// A shop whose records outlive its server.
struct Lasting {
    directory: TempDir,
    shop: Shop,
}

impl Lasting {
    async fn open() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let sandbox = Sandbox::with_holds().await;
        let server = Self::server(&directory, &sandbox).await;
        Self {
            directory,
            shop: Shop { sandbox, server },
        }
    }

    async fn server(directory: &TempDir, sandbox: &Sandbox) -> Server {
        let settings = [
            ("STORE__DATA_DIR", directory.path().to_str().unwrap()),
            ("NODE__DEADLINE_SECONDS", "1"),
        ];
        let mode = Mode::Sandbox(sandbox.node.clone().into());
        Server::start(config_with_token(&settings), mode).await
    }

    async fn restart(self) -> Self {
        let Self { directory, shop } = self;
        shop.server.stop().await.unwrap();
        let server = Self::server(&directory, &shop.sandbox).await;
        Self {
            directory,
            shop: Shop { server, ..shop },
        }
    }
}

#[tokio::test]
async fn a_lost_answer_does_no_harm() {
    let shop = shop(&[]).await;
    let faults = shop.sandbox.node.faults();
    for fault in [CallFault::CloseAfter, CallFault::CutAnswer] {
        faults.once(Calls::of("facture-hold-create"), fault.clone());
        let held = shop.held().await;
        faults.once(Calls::of("facture-hold-settle"), fault.clone());
        let (status, paid) = shop.settle(&held).await;
        assert_eq!((status, &paid["status"]), (StatusCode::OK, &json!("paid")));

        let held = shop.held().await;
        faults.once(Calls::of("facture-hold-cancel"), fault);
        let (status, cancelled) = shop.cancel(&held).await;
        assert_eq!(
            (status, &cancelled["status"]),
            (StatusCode::OK, &json!("cancelled"))
        );
    }
}

/// The node does not answer in time, and facture ends: what was decided is carried out after the next start, whether or not
/// the node had done it.
#[tokio::test]
async fn a_crash_ends_in_what_the_node_says() {
    for (call, decided, hold) in [
        ("settle", "paid", Hold::Call),
        ("settle", "paid", Hold::Answer),
        ("cancel", "cancelled", Hold::Call),
        ("cancel", "cancelled", Hold::Answer),
    ] {
        let lasting = Lasting::open().await;
        let held = lasting.shop.held().await;
        let method = format!("facture-hold-{call}");
        let hanging = lasting
            .shop
            .sandbox
            .node
            .faults()
            .hang(Calls::of(&method), hold);
        let asked = path(&held, &format!("/{call}"));
        let (status, answer) = lasting.shop.post(&asked, &json!({})).await;
        assert_eq!(
            (status, code(&answer)),
            (StatusCode::SERVICE_UNAVAILABLE, "node_timeout")
        );
        // The opposite is refused: the first decision counts.
        let opposite = if call == "settle" {
            "/cancel"
        } else {
            "/settle"
        };
        let (status, answer) = lasting.shop.post(&path(&held, opposite), &json!({})).await;
        assert_eq!(status, StatusCode::CONFLICT, "{answer}");
        let lasting = lasting.restart().await;
        hanging.release();
        let over = lasting.shop.until(&held, decided).await;
        assert_eq!(over["hold"]["decision"], call);
        assert_eq!(
            lasting.shop.events(&held).await.last().unwrap(),
            &format!("invoice.{decided}")
        );
    }
}

/// The node had made it, and facture did not hear of it: it is adopted, nobody has seen it.
#[tokio::test]
async fn a_hold_invoice_whose_making_was_not_heard_of_is_adopted() {
    let lasting = Lasting::open().await;
    let hanging = lasting
        .shop
        .sandbox
        .node
        .faults()
        .hang(Calls::of("facture-hold-create"), Hold::Answer);
    let body = json!({ "amount_sat": 5, "hold": true });
    let create = async |shop: &Shop| {
        let call = shop.call(reqwest::Method::POST, "/api/v1/invoices");
        let call = call.header("idempotency-key", "order-7").json(&body);
        crate::harness::json(call.send().await).await
    };
    let (status, _) = create(&lasting.shop).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    let lasting = lasting.restart().await;
    hanging.release();
    let (status, made) = create(&lasting.shop).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    lasting.shop.authorise(&made);
    lasting.shop.until(&made, "accepted").await;
    assert_eq!(lasting.shop.settle(&made).await.1["status"], "paid");
    let (_, all) = lasting.shop.get("/api/v1/invoices").await;
    assert_eq!(all["invoices"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_happens_while_facture_is_away_is_found_out() {
    let lasting = Lasting::open().await;
    let (settled, cancelled, paid) = (
        lasting.shop.held().await,
        lasting.shop.held().await,
        lasting.shop.hold().await,
    );
    let node = lasting.shop.sandbox.node.clone();
    let Lasting { directory, shop } = lasting;
    let Shop { server, sandbox } = shop;
    server.stop().await.unwrap();
    node.pay(paid["bolt11"].as_str().unwrap(), None)
        .unwrap_err();
    let server = Lasting::server(&directory, &sandbox).await;
    let shop = Shop { server, sandbox };
    shop.until(&paid, "accepted").await;
    assert_eq!(shop.settle(&settled).await.1["status"], "paid");
    // And while it is connected, but not told.
    node.close_connections().await;
    assert_eq!(shop.cancel(&cancelled).await.1["status"], "cancelled");
    let later = shop.hold().await;
    shop.authorise(&later);
    shop.until(&later, "accepted").await;
}

#[tokio::test]
async fn two_calls_at_once_make_one() {
    let shop = shop(&[]).await;
    for _ in 0..4 {
        let held = shop.held().await;
        let both = tokio::join!(shop.settle(&held), shop.settle(&held));
        assert_eq!((both.0.0, both.1.0), (StatusCode::OK, StatusCode::OK));
        assert_eq!(both.0.1, both.1.1);
        let held = shop.held().await;
        let (settled, cancelled) = tokio::join!(shop.settle(&held), shop.cancel(&held));
        let statuses = [settled.0, cancelled.0];
        assert!(
            statuses.contains(&StatusCode::OK),
            "{settled:?} {cancelled:?}"
        );
        assert!(
            statuses.contains(&StatusCode::CONFLICT),
            "{settled:?} {cancelled:?}"
        );
        let now = shop.read(&held).await;
        let wanted = if settled.0 == StatusCode::OK {
            "paid"
        } else {
            "cancelled"
        };
        assert_eq!(now["status"], wanted);
        assert_eq!(shop.events(&held).await.len(), 3);
    }
}

/// The plugin said that less is held than was asked for: that is never taken for a payment.
#[tokio::test]
async fn what_is_not_held_in_full_is_never_settled() {
    let shop = shop(&[]).await;
    let invoice = shop.hold().await;
    let answer = json!({ "holds": [record(&invoice, 2_499_999)], "change": 1 });
    shop.sandbox.node.faults().once(
        Calls::of("facture-hold-list"),
        CallFault::Result(answer.to_string()),
    );
    let (status, refused) = shop.settle(&invoice).await;
    assert_eq!(
        (status, code(&refused)),
        (StatusCode::SERVICE_UNAVAILABLE, "node_malformed")
    );
    assert_eq!(shop.sandbox.node.calls("facture-hold-settle"), 0);
    assert_eq!(shop.read(&invoice).await["status"], "unpaid");
}

fn record(invoice: &Value, held_msat: u64) -> Value {
    json!({
        "label": invoice["label"], "bolt11": invoice["bolt11"], "payment_hash": invoice["payment_hash"],
        "amount_msat": 2_500_000, "description": "Two nights", "status": "accepted",
        "expires_at": invoice["expires_at"], "change": 2,
        "held_msat": held_msat, "accepted_at": invoice["created_at"], "cltv_expiry": 286,
    })
}

/// Nothing that facture writes or answers shows the preimage before the payment is taken.
#[tokio::test]
async fn the_preimage_is_shown_to_nobody() {
    let lasting = Lasting::open().await;
    let held = lasting.shop.held().await;
    let page = format!("/check_invoice/{}", held["label"].as_str().unwrap());
    let shown = [
        held.to_string(),
        lasting.shop.server.open(&page).await.text,
        lasting.shop.server.json(&page).await.1.to_string(),
        lasting.shop.get("/api/v1/events").await.1.to_string(),
    ]
    .concat();
    let paid = lasting.shop.settle(&held).await.1;
    let mut client = cln_rpc::ClnRpc::new(lasting.shop.sandbox.node.rpc_file())
        .await
        .unwrap();
    let label = json!({ "label": held["label"] });
    let listed: Value = client.call_raw("listinvoices", &label).await.unwrap();
    let preimage = listed["invoices"][0]["payment_preimage"].as_str().unwrap();
    assert_eq!(preimage.len(), 64);
    assert!(!shown.contains(preimage) && !paid.to_string().contains(preimage));
    let Lasting { directory, shop } = lasting;
    shop.server.stop().await.unwrap();
    let records = std::fs::read(directory.path().join("facture.db")).unwrap();
    let needle = preimage.as_bytes();
    assert!(!records.windows(64).any(|bytes| bytes == needle));
}
