//! A bad or incomplete answer among good ones: it is asked for again before anything is believed, or what is shown says
//! since when it is known.

use facture_domain::EventKind;
use facture_sandbox::{CallFault, Calls};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Shop, api, until};
use crate::{api::TOKEN, contract::path_of, harness::Server};

const EMPTY: &str = "{\"invoices\":[]}";

/// A shop that has to ask what was updated.
async fn asking() -> (Shop, Server) {
    let shop = Shop::open().await;
    shop.node().faults().lack(Calls::of("waitanyinvoice"));
    let server = shop.server().await;
    (shop, server)
}

fn answer(shop: &Shop, method: &str, result: &str) {
    let fault = CallFault::Result(result.to_owned());
    shop.node().faults().once(Calls::of(method), fault);
}

#[tokio::test]
async fn an_empty_page_is_not_the_end() {
    for times in 1..=4 {
        let (shop, server) = asking().await;
        let invoice = server.create("1", "on an empty page").await;
        for _ in 0..times {
            answer(&shop, "listinvoices", EMPTY);
        }
        shop.pay(&invoice);
        until(&server, &invoice, "paid").await;
        server.stop().await.expect("in order");
        let kinds = shop.kinds(&invoice).await;
        assert_eq!(kinds, [EventKind::Created, EventKind::Paid], "{times}");
    }
}

#[tokio::test]
async fn a_row_that_is_left_out_is_not_passed_over() {
    let (shop, server) = asking().await;
    let (left_out, listed) = (
        server.create("1", "left out").await,
        server.create("1", "listed").await,
    );
    let mut row = half_told(&listed, 2);
    row["pay_index"] = json!(2);
    row["paid_at"] = listed["created_at"].clone();
    row["amount_received_msat"] = json!(1000);
    let page = json!({ "invoices": [row] }).to_string();
    for _ in 0..2 {
        answer(&shop, "listinvoices", &page);
    }
    shop.pay(&left_out);
    shop.pay(&listed);
    for invoice in [&left_out, &listed] {
        until(&server, invoice, "paid").await;
    }
}

/// A payment without its amount and time.
fn half_told(invoice: &Value, index: u64) -> Value {
    json!({ "label": invoice["label"], "bolt11": invoice["bolt11"],
        "payment_hash": invoice["payment_hash"], "amount_msat": 1000, "status": "paid",
        "expires_at": invoice["expires_at"], "created_index": index, "updated_index": index })
}

#[tokio::test]
async fn a_row_that_makes_no_sense_is_asked_for_again() {
    let (shop, server) = asking().await;
    let invoice = server.create("1", "half told").await;
    let half = json!({ "invoices": [half_told(&invoice, 1)] });
    answer(&shop, "listinvoices", &half.to_string());
    shop.pay(&invoice);
    until(&server, &invoice, "paid").await;

    // And one that is told whole.
    let shop = Shop::open().await;
    let server = shop.server().await;
    let invoice = server.create("1", "half told").await;
    let half = half_told(&invoice, 1);
    answer(&shop, "waitanyinvoice", &half.to_string());
    shop.node().close_connections().await;
    shop.pay(&invoice);
    until(&server, &invoice, "paid").await;
}

/// It must not stop the others, and must not be shown as current.
#[tokio::test]
async fn what_stays_unreadable_is_shown_as_of_before() {
    let (shop, server) = asking().await;
    let (unclear, other) = (
        server.create("1", "unclear").await,
        server.create("1", "clear").await,
    );
    // In the list of what was updated, then each time it is asked for.
    let half = json!({ "invoices": [half_told(&unclear, 1)] }).to_string();
    for _ in 0..4 {
        answer(&shop, "listinvoices", &half);
    }
    shop.pay(&unclear);
    for (invoice, is_stale) in [(&unclear, true), (&other, false)] {
        let (_, read) = server.json(&path_of(invoice)).await;
        assert_eq!(read["status"], "unpaid");
        assert_eq!(read["stale_since"].is_i64(), is_stale, "{read}");
    }
    let (_, list) = api(&server, "/api/v1/invoices").await;
    assert!(list["stale_since"].is_i64(), "{list}");
    shop.pay(&other);
    let (_, read) = server.json(&path_of(&other)).await;
    assert_eq!(
        (&read["status"], &read["stale_since"]),
        (&"paid".into(), &Value::Null)
    );
    // It is asked for again now and then, and at the next start.
    server.stop().await.expect("in order");
    let server = shop.server().await;
    until(&server, &unclear, "paid").await;
}

#[tokio::test]
async fn an_index_from_nowhere_moves_nothing() {
    for (index, times) in [(1_000_000_000_000_u64, 1), (0, 1), (0, 2)] {
        let (shop, server) = asking().await;
        let (before, invoice) = (
            server.create("1", "before").await,
            server.create("1", "after").await,
        );
        shop.pay(&before);
        until(&server, &before, "paid").await;
        server.stop().await.expect("in order");
        let wrong = json!({ "subsystem": "invoices", "updated": index }).to_string();
        for _ in 0..times {
            answer(&shop, "wait", &wrong);
        }
        let server = shop.server().await;
        shop.pay(&invoice);
        until(&server, &invoice, "paid").await;
        server.stop().await.expect("in order");
        assert_eq!(shop.log().await.len(), 4, "each once");
    }
}

/// A reader is not told that nothing has changed by an answer that cannot be.
#[tokio::test]
async fn an_index_that_went_back_proves_nothing() {
    let (shop, server) = asking().await;
    let (before, open) = (
        server.create("1", "before").await,
        server.create("1", "open").await,
    );
    shop.pay(&before);
    until(&server, &before, "paid").await;
    let wrong = json!({ "subsystem": "invoices", "updated": 0 }).to_string();
    // What waits already is not answered by this: only the reader asks.
    server.json(&path_of(&open)).await;
    answer(&shop, "wait", &wrong);
    let (_, read) = server.json(&path_of(&open)).await;
    assert_eq!(read["stale_since"], Value::Null, "it asked again");
    answer(&shop, "wait", &wrong);
    answer(&shop, "wait", &wrong);
    let (_, read) = server.json(&path_of(&open)).await;
    assert!(read["stale_since"].is_i64(), "{read}");
    assert_eq!(
        server.json(&path_of(&open)).await.1["stale_since"],
        Value::Null
    );
}

#[tokio::test]
async fn an_invoice_is_not_gone_because_one_answer_lacks_it() {
    let (shop, server) = asking().await;
    let open = server.create("1", "open").await;
    // The newest open one is asked for first at a start, then all of them.
    for _ in 0..3 {
        answer(&shop, "listinvoices", EMPTY);
    }
    server.stop().await.expect("in order");
    let server = shop.server().await;
    let (_, read) = server.json(&path_of(&open)).await;
    assert_eq!(read["status"], "unpaid");
    shop.pay(&open);
    until(&server, &open, "paid").await;
}

#[tokio::test]
async fn an_invoice_is_not_cancelled_because_the_node_denies_it_once() {
    let (shop, server) = asking().await;
    let open = server.create("1", "to be cancelled").await;
    let denied = CallFault::Fail {
        code: 905,
        message: "Unknown invoice".to_owned(),
    };
    shop.node().faults().once(Calls::of("delinvoice"), denied);
    let label = open["label"].as_str().expect("a label");
    let cancel = server.request(Method::POST, &format!("/api/v1/invoices/{label}/cancel"));
    let answer = cancel.bearer_auth(TOKEN).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(shop.node().invoice_count(), 0, "nobody can pay it");
}
