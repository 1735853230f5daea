//! What is gone from the node is not to be paid any more, and what was paid before it was gone is not forgotten.

use std::time::Duration;

use facture_domain::{EventKind, LabelPrefix};
use facture_sandbox::{Calls, Hold};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use tokio::{task::yield_now, time::timeout};

use super::{Shop, api};
use crate::{
    contract::path_of,
    harness::{Page, Server, TIMEOUT},
};

/// The node is asked anyway now and then; this is less.
const AT_ONCE: Duration = TIMEOUT.checked_div(2).expect("not by zero");

async fn show_preimage(server: &Server, invoice: &Value, preimage: &str) -> Page {
    let request = server.request(Method::POST, &format!("{}/proof", path_of(invoice)));
    Page::read(request.form(&[("preimage", preimage)]).send().await).await
}

/// Whatever is shown of an invoice that is gone.
async fn is_gone(server: &Server, invoice: &Value) {
    let path = path_of(invoice);
    let gone = server.json_until(&path, |read| read["status"] == "expired");
    let gone = timeout(AT_ONCE, gone).await.expect("at once");
    assert_eq!(gone["stale_since"], Value::Null);
    let page = server.open(&path_of(invoice)).await;
    assert!(page.texts("#bolt11").is_empty(), "nothing to pay");
    assert!(page.texts("svg[role=img]").is_empty(), "no code");
    let code = server.open(&format!("{}/qr.svg", path_of(invoice))).await;
    assert_eq!(code.status, StatusCode::GONE);
    let label = invoice["label"].as_str().expect("a label");
    let (_, read) = api(server, &format!("/api/v1/invoices/{label}")).await;
    assert!(read["cancelled_at"].is_i64(), "{read}");
}

async fn is_open(server: &Server, invoice: &Value) {
    let (_, read) = server.json(&path_of(invoice)).await;
    assert_eq!(
        (&read["status"], &read["stale_since"]),
        (&"unpaid".into(), &Value::Null)
    );
}

#[tokio::test]
async fn an_unpaid_invoice_that_is_deleted_ends_at_once() {
    let shop = Shop::open().await;
    let server = shop.server().await;
    let (gone, stays) = (
        server.create("1", "gone").await,
        server.create("1", "stays").await,
    );
    let stream = server.request(Method::GET, &format!("{}/events", path_of(&gone)));
    let stream = stream.send().await.expect("an answer");
    shop.delete(&gone, "unpaid").await;
    let told = timeout(AT_ONCE, stream.text()).await.expect("at once");
    assert!(told.expect("text").contains("invoice.cancelled"));
    is_gone(&server, &gone).await;
    is_open(&server, &stays).await;
    server.stop().await.expect("in order");
    let kinds = shop.kinds(&gone).await;
    assert_eq!(kinds, [EventKind::Created, EventKind::Cancelled]);
}

/// The node tells the last one only.
#[tokio::test]
async fn of_many_that_are_deleted_none_is_passed_over() {
    let shop = Shop::open().await;
    let server = shop.server().await;
    let (mut gone, mut stay) = (Vec::new(), Vec::new());
    for number in 0..20 {
        // Between others, near and far.
        for stranger in 0..number {
            let label = format!("stranger {number} {stranger}");
            let params = json!({ "amount_msat": 1, "label": label, "description": "d" });
            shop.call("invoice", params).await;
        }
        let invoice = server.create("1", &format!("number {number}")).await;
        match number % 3 {
            0 => stay.push(invoice),
            _ => gone.push(invoice),
        }
    }
    for invoice in &gone {
        shop.delete(invoice, "unpaid").await;
    }
    for invoice in &gone {
        is_gone(&server, invoice).await;
    }
    for invoice in &stay {
        is_open(&server, invoice).await;
        shop.pay(invoice);
        let (_, read) = server.json(&path_of(invoice)).await;
        assert_eq!(read["status"], "paid");
    }
}

#[tokio::test]
async fn what_was_deleted_while_we_were_down_is_known_from_the_start() {
    let shop = Shop::open().await;
    let server = shop.server().await;
    let (gone, stays) = (
        server.create("1", "gone").await,
        server.create("1", "stays").await,
    );
    server.stop().await.expect("in order");
    shop.delete(&gone, "unpaid").await;
    let server = shop.server().await;
    // Ready: nothing of before may be shown as current.
    let (_, first) = server.json(&path_of(&gone)).await;
    assert_eq!(first["status"], "expired");
    is_gone(&server, &gone).await;
    is_open(&server, &stays).await;
}

/// Paid, and cleaned away by another program before we saw it: the buyer can prove it.
#[tokio::test]
async fn a_preimage_of_what_the_node_forgot_is_an_alarm() {
    let shop = Shop::open().await;
    let server = shop.server().await;
    let forgotten = server.create("21", "forgotten").await;
    server.stop().await.expect("in order");
    let preimage = shop.preimage(&forgotten);
    shop.delete(&forgotten, "paid").await;

    let server = shop.server().await;
    let path = path_of(&forgotten);
    is_gone(&server, &forgotten).await;
    let page = server.open(&path).await;
    assert_eq!(
        page.attribute("form[action$=proof]", "action"),
        Some(format!("{path}/proof")),
        "the buyer can prove it"
    );
    let wrong = show_preimage(&server, &forgotten, &"00".repeat(32)).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.text_of("h1"), "Cancelled");

    for _ in 0..2 {
        let right = show_preimage(&server, &forgotten, &preimage).await;
        assert_eq!(
            (right.status, right.header("location")),
            (StatusCode::SEE_OTHER, path.as_str())
        );
        let page = server.open(&path).await;
        assert_eq!(page.text_of("h1"), "Payment proven");
        assert!(page.texts("main form").is_empty(), "no new invoice for it");
        assert!(page.texts("#bolt11").is_empty());
    }
    let (_, read) = server.json(&path).await;
    assert!(read["payment_proven_at"].is_i64(), "{read}");
    let renewed = server
        .request(Method::POST, &format!("{path}/renew"))
        .send()
        .await;
    let renewed = Page::read(renewed).await;
    assert_eq!(
        renewed.header("location"),
        path,
        "it is not to be paid twice"
    );
    let label = forgotten["label"].as_str().expect("a label");
    let page = server.open(&format!("/checkout/{label}")).await;
    assert_eq!(page.text_of("h1"), "Payment proven");
    let (_, log) = api(&server, "/api/v1/events?types=invoice.payment_proven").await;
    assert_eq!(log["events"].as_array().map(Vec::len), Some(1), "{log}");
    assert_eq!(
        log["events"][0]["invoice"]["payment_proven_at"],
        read["payment_proven_at"]
    );
    server.stop().await.expect("in order");
    use EventKind::{Cancelled, Created, PaymentProven};
    let kinds = shop.kinds(&forgotten).await;
    assert_eq!(kinds, [Created, Cancelled, PaymentProven]);
    // And from the records.
    let server = shop.server().await;
    let (_, again) = server.json(&path).await;
    assert_eq!(again["payment_proven_at"], read["payment_proven_at"]);
}

/// The payment is on the node, but we have not heard of it.
#[tokio::test]
async fn a_preimage_leads_to_a_payment_that_was_missed() {
    let shop = Shop::open().await;
    let server = shop.server().await;
    let invoice = server.create("21", "missed").await;
    let unseen = ["wait", "waitanyinvoice"]
        .map(|method| shop.node().faults().hang(Calls::of(method), Hold::Answer));
    shop.node().close_connections().await;
    let preimage = shop.preimage(&invoice);
    let request = server.request(Method::POST, &format!("{}/proof", path_of(&invoice)));
    let request = request.header(header::ACCEPT, "text/html");
    let proven = request.form(&[("preimage", &preimage)]).send().await;
    let page = Page::read(proven).await;
    assert_eq!(
        (page.status, page.text_of("h1")),
        (StatusCode::OK, "Paid".to_owned())
    );
    drop(unseen);
    let (_, read) = server.json(&path_of(&invoice)).await;
    assert_eq!(
        (&read["status"], &read["payment_proven_at"]),
        (&"paid".into(), &Value::Null)
    );
}

/// Its preimage is known, so nobody is to send a payment for it.
#[tokio::test]
async fn an_unpaid_invoice_whose_preimage_is_known_is_taken_from_the_node() {
    let shop = Shop::open().await;
    let label = LabelPrefix::default().random_label();
    let preimage = "07".repeat(32);
    let params = json!({ "amount_msat": 1000, "label": label.as_str(), "description": "known",
        "preimage": preimage });
    shop.call("invoice", params).await;
    let server = shop.server().await;
    let invoice = json!({ "label": label.as_str() });
    assert_eq!(shop.node().invoice_count(), 1);
    let json = server.request(Method::POST, &format!("{}/proof", path_of(&invoice)));
    let json = json.header(header::ACCEPT, "application/json");
    let answer = Page::read(json.form(&[("preimage", &preimage)]).send().await).await;
    assert_eq!(answer.text, "{\"matches\":true}");
    assert_eq!(shop.node().invoice_count(), 0);
    let page = server.open(&path_of(&invoice)).await;
    assert_eq!(page.text_of("h1"), "Payment proven");
}

/// While nobody looked: the node says that it was paid, as it tells of the deletion.
#[tokio::test]
async fn a_payment_that_is_deleted_before_it_is_seen_is_not_forgotten() {
    let shop = Shop::open().await;
    shop.node().faults().lack(Calls::of("waitanyinvoice"));
    let server = shop.server().await;
    let invoice = server.create("21", "paid and gone").await;
    let unseen = shop
        .node()
        .faults()
        .hang(Calls::of("listinvoices"), Hold::Call);
    shop.pay(&invoice);
    timeout(TIMEOUT, unseen.reached(1)).await.expect("it asks");
    shop.delete(&invoice, "paid").await;
    drop(unseen);
    let read = server
        .json_until(&path_of(&invoice), |read| read["status"] != "unpaid")
        .await;
    assert!(read["payment_proven_at"].is_i64(), "{read}");
    let page = server.open(&path_of(&invoice)).await;
    assert_eq!(page.text_of("h1"), "Payment proven");
    server.stop().await.expect("in order");
    let kinds = shop.kinds(&invoice).await;
    assert_eq!(kinds, [EventKind::Created, EventKind::PaymentProven]);
}

/// It was told whole while something before it was being applied, and is gone from the list since.
#[tokio::test]
async fn a_payment_that_was_told_is_there_even_if_it_is_deleted() {
    let shop = Shop::open().await;
    let server = shop.server().await;
    let (first, second) = (
        server.create("1", "first").await,
        server.create("1", "second").await,
    );
    // The first is not told, so that it is asked for.
    let told = shop.node().faults();
    let untold = told.hang(Calls::of("waitanyinvoice"), Hold::Call);
    shop.node().close_connections().await;
    timeout(TIMEOUT, untold.reached(1)).await.expect("it waits");
    server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
    let asked = told.hang(Calls::of("listinvoices"), Hold::Call);
    shop.pay(&first);
    timeout(TIMEOUT, asked.reached(1)).await.expect("it asks");
    let waits = shop.node().calls("waitanyinvoice");
    drop(untold);
    // It waits for the next payment now.
    let waiting = async {
        while shop.node().calls("waitanyinvoice") < waits {
            yield_now().await;
        }
    };
    timeout(TIMEOUT, waiting).await.expect("it waits");
    shop.call("getinfo", json!({})).await;
    shop.pay(&second);
    shop.delete(&second, "paid").await;
    drop(asked);
    let read = server
        .json_until(&path_of(&second), |read| read["status"] != "unpaid")
        .await;
    assert_eq!(read["status"], "paid", "{read}");
    assert_eq!(read["amount_received_msat"], 1000);
}

#[tokio::test]
async fn what_we_cancel_ourselves_is_told_once() {
    let shop = Shop::open().await;
    let server = shop.server().await;
    let mut invoices = Vec::new();
    for number in 0..10 {
        invoices.push(server.create("1", &format!("number {number}")).await);
    }
    let cancels = invoices.iter().map(|invoice| {
        let label = invoice["label"].as_str().expect("a label");
        let path = format!("/api/v1/invoices/{label}/cancel");
        server
            .request(Method::POST, &path)
            .bearer_auth(crate::api::TOKEN)
            .send()
    });
    for answer in futures_util::future::join_all(cancels).await {
        assert_eq!(answer.expect("an answer").status(), StatusCode::OK);
    }
    server.stop().await.expect("in order");
    for invoice in &invoices {
        let kinds = shop.kinds(invoice).await;
        assert_eq!(kinds, [EventKind::Created, EventKind::Cancelled]);
    }
}
