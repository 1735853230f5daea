//! An invoice is made once, whatever becomes of LND's answer, and never mixed up with another program's.

use facture_domain::{Amount, Expiry, Msat};
use facture_node::lnd::{AddInvoice, Description, Hints};
use facture_sandbox::{CallFault, Calls, Hold};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::world::{Lnd, payment_hash};
use crate::{
    api::TOKEN,
    contract::{World, path_of},
    harness::{Server, json as read_json},
};

async fn post(server: &Server, key: &str, body: &Value) -> (StatusCode, Value) {
    let request = server.request(Method::POST, "/api/v1/invoices");
    let request = request.bearer_auth(TOKEN).header("idempotency-key", key);
    read_json(request.json(body).send().await).await
}

#[tokio::test]
async fn a_lost_answer_is_one_invoice() {
    let lnd = Lnd::start().await;
    let server = lnd.server(&[("API_TOKEN", TOKEN)]).await;
    server.create("1", "opens a connection").await;
    let order = json!({ "amount_sat": 5, "description": "Tea" });
    for (number, fault) in [
        CallFault::CloseBefore,
        CallFault::CloseAfter,
        CallFault::CutAnswer,
        CallFault::NotJson,
    ]
    .into_iter()
    .enumerate()
    {
        let known = lnd.node.invoice_count();
        let faults = lnd.node.faults();
        faults.once(Calls::of("AddInvoice"), fault.clone());
        let invoice = server.create("2", "by form").await;
        assert_eq!(lnd.node.invoice_count(), known + 1, "{fault:?}");
        faults.once(Calls::of("AddInvoice"), fault.clone());
        let (status, by_key) = post(&server, &format!("order-{number}"), &order).await;
        assert_eq!(status, StatusCode::CREATED, "{fault:?}: {by_key}");
        assert_eq!(lnd.node.invoice_count(), known + 2, "{fault:?}");
        for invoice in [&invoice, &by_key] {
            let path = format!(
                "/check_invoice/{}",
                invoice["label"].as_str().expect("a label")
            );
            assert_eq!(server.open(&path).await.status, StatusCode::OK);
        }
    }
}

#[tokio::test]
async fn a_call_that_hangs_is_one_invoice_by_its_key() {
    let lnd = Lnd::start().await;
    let settings = [("API_TOKEN", TOKEN), ("NODE__DEADLINE_SECONDS", "1")];
    let server = lnd.server(&settings).await;
    server.create("1", "opens a connection").await;
    let hanging = lnd
        .node
        .faults()
        .hang(Calls::of("AddInvoice"), Hold::Answer);
    let order = json!({ "amount_sat": 5, "description": "Tea" });
    let (status, late) = post(&server, "order-1", &order).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{late}");
    assert_eq!(late["error"]["code"], "node_timeout");
    hanging.release();
    let (status, invoice) = post(&server, "order-1", &order).await;
    assert_eq!(status, StatusCode::CREATED, "{invoice}");
    let (status, again) = post(&server, "order-1", &order).await;
    assert!(status.is_success(), "{again}");
    assert_eq!(again["label"], invoice["label"]);
    assert_eq!(lnd.node.invoice_count(), 2);
}

/// By a preimage that our key makes, too: from another copy of facture, for instance.
#[tokio::test]
async fn a_payment_hash_that_another_program_has_used() {
    let lnd = Lnd::start().await;
    let records = tempfile::tempdir().expect("a directory");
    let settings =
        |directory: &tempfile::TempDir| directory.path().to_str().expect("a plain path").to_owned();
    let data_dir = settings(&records);
    let server = lnd
        .server(&[("API_TOKEN", TOKEN), ("STORE__DATA_DIR", &data_dir)])
        .await;
    let order = json!({ "amount_sat": 5, "description": "Tea" });
    let (_, invoice) = post(&server, "order-1", &order).await;
    let hash = payment_hash(&invoice);
    let found = lnd.other_program().lookup(hash).await.expect("an answer");
    let preimage = found.expect("it is there").preimage().cloned();
    let preimage = preimage.expect("the node knows it");
    server.stop().await.expect("in order");

    // The records are lost, the key is not; and the node has another invoice of that hash.
    lnd.node.delete(&hash.to_bytes()).expect("deleted");
    let other = AddInvoice {
        preimage: &preimage,
        amount: Amount::Exact(Msat::from_sat(700).expect("an amount")),
        description: Description::Text("of another program"),
        expiry: Expiry::MAX,
        hints: Hints::None,
    };
    let made = lnd.other_program().add_invoice(&other).await.expect("made");
    let fresh = tempfile::tempdir().expect("a directory");
    std::fs::copy(
        records.path().join("label.key"),
        fresh.path().join("label.key"),
    )
    .expect("copied");
    let data_dir = settings(&fresh);
    let server = lnd
        .server(&[("API_TOKEN", TOKEN), ("STORE__DATA_DIR", &data_dir)])
        .await;
    let (status, refused) = post(&server, "order-1", &order).await;
    assert!(status.is_client_error(), "{status}: {refused}");
    let message = refused["error"]["message"].as_str().expect("a message");
    assert!(message.contains("Idempotency-Key"), "{message}");
    assert_eq!(lnd.node.invoice_count(), 1, "nothing was made");
    // Cancelled, it still has the hash.
    lnd.other_program()
        .cancel(made.payment_hash)
        .await
        .expect("cancelled");
    let (status, refused) = post(&server, "order-1", &order).await;
    assert!(status.is_client_error(), "{status}: {refused}");
    // Anything else can be sold.
    let (status, next) = post(&server, "order-2", &order).await;
    assert_eq!(status, StatusCode::CREATED, "{next}");
    lnd.pay(next["bolt11"].as_str().expect("a bolt11"), None)
        .await;
    server
        .json_until(&path_of(&next), |read| read["status"] == "paid")
        .await;
}

/// LND makes no invoice of more than 100,000 bitcoin.
#[tokio::test]
async fn an_amount_that_lnd_does_not_make_is_refused_before_it_is_asked() {
    let lnd = Lnd::start().await;
    let server = lnd.server(&[("API_TOKEN", TOKEN)]).await;
    for body in [
        json!({ "amount_sat": 10_000_000_000_001_u64 }),
        json!({ "amount_msat": 10_000_000_000_001_000_u64, "hold": true }),
    ] {
        let (status, refused) = post(&server, "order-1", &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{refused}");
        assert_eq!(refused["error"]["code"], "amount_too_large", "{refused}");
        assert_eq!(refused["error"]["field"], "amount_msat", "{refused}");
    }
    assert_eq!(lnd.node.calls("AddInvoice"), 0);
    assert_eq!(lnd.node.calls("AddHoldInvoice"), 0);
    let most = json!({ "amount_sat": 10_000_000_000_000_u64 });
    let (status, made) = post(&server, "order-2", &most).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
}

/// A key that was refused because of what the node has is not remembered: otherwise it would stand for what the follower
/// takes in of that afterwards.
#[tokio::test]
async fn a_key_that_was_refused_stands_for_nothing() {
    let lnd = Lnd::start().await;
    let order = json!({ "amount_sat": 10, "description": "order 1" });
    let records = tempfile::tempdir().expect("a directory");
    let settings = |directory: &tempfile::TempDir| {
        let path = directory.path().to_str().expect("a plain path");
        path.to_owned()
    };
    let data_dir = settings(&records);
    let server = lnd
        .server(&[("API_TOKEN", TOKEN), ("STORE__DATA_DIR", &data_dir)])
        .await;
    let (status, made) = post(&server, "order-1", &order).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    server.stop().await.expect("in order");
    // The records are lost, and the node does not yet list what it has.
    let fresh = tempfile::tempdir().expect("a directory");
    let key = |directory: &tempfile::TempDir| directory.path().join("label.key");
    std::fs::copy(key(&records), key(&fresh)).expect("copied");
    let data_dir = settings(&fresh);
    let hanging = lnd
        .node
        .faults()
        .hang(Calls::of("ListInvoices"), Hold::Call);
    let server = lnd
        .server(&[("API_TOKEN", TOKEN), ("STORE__DATA_DIR", &data_dir)])
        .await;
    let other = json!({ "amount_sat": 11, "description": "order 2" });
    let (status, refused) = post(&server, "order-1", &other).await;
    assert!(status.is_client_error(), "{status}: {refused}");
    hanging.release();
    // Now it is taken in.
    server
        .json_until(&path_of(&made), |read| read["status"] == "unpaid")
        .await;
    let (status, refused) = post(&server, "order-1", &other).await;
    assert!(status.is_client_error(), "{status}: {refused}");
    let (status, again) = post(&server, "order-1", &order).await;
    assert!(status.is_success(), "{again}");
    assert_eq!(again["label"], made["label"], "{again}");
}
