//! What LND's streams and indexes do not tell, or tell wrongly: no payment is missed, none is told twice.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, time::Duration};

use facture_domain::StoredHistory;
use facture_node::{Continuity, News, Node};
use facture_sandbox::{CallFault, Calls, Hold, SandboxLnd};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use tempfile::TempDir;
use tokio::time::timeout;

use super::world::{Lnd, payment_hash};
use crate::{
    api::TOKEN,
    contract::{World, path_of},
    harness::{Server, TIMEOUT, json},
};

/// An LND, and the records of the server beside it.
struct Shop {
    lnd: Lnd,
    records: TempDir,
}

impl Shop {
    async fn open() -> Self {
        Self::with(Lnd::start().await)
    }

    fn with(lnd: Lnd) -> Self {
        Self {
            lnd,
            records: tempfile::tempdir().expect("a directory"),
        }
    }

    fn node(&self) -> &SandboxLnd {
        &self.lnd.node
    }

    /// A server, ready.
    async fn server(&self) -> Server {
        self.server_with(self.records.path()).await
    }

    async fn server_with(&self, records: &Path) -> Server {
        let records = records.to_str().expect("a plain path");
        let settings = [("STORE__DATA_DIR", records), ("API_TOKEN", TOKEN)];
        let server = self.lnd.server(&settings).await;
        ready(&server).await;
        server
    }

    async fn pay(&self, invoice: &Value) {
        let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
        self.node().pay(bolt11, None).await.expect("paid");
    }
}

async fn ready(server: &Server) {
    server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
}

/// The events of an invoice, as they were told, without asking for the invoice: a read would find out by itself.
async fn kinds(server: &Server, invoice: &Value) -> Vec<String> {
    let events = server.request(Method::GET, "/api/v1/events?limit=100");
    let (status, events) = json(events.bearer_auth(TOKEN).send().await).await;
    assert_eq!(status, StatusCode::OK, "{events}");
    let events = events["events"].as_array().expect("events");
    let of_it = events
        .iter()
        .filter(|event| event["data"]["invoice"]["label"] == invoice["label"]);
    of_it
        .map(|event| event["type"].as_str().expect("a type").to_owned())
        .collect()
}

/// Its stream, until it ends, which it does with the invoice. It asks for the invoice at its beginning only.
async fn stream(server: &Server, invoice: &Value) -> reqwest::Response {
    let path = format!("{}/events", path_of(invoice));
    let stream = server.request(Method::GET, &path).send().await;
    stream.expect("an answer")
}

async fn told(stream: reqwest::Response) -> String {
    stream.text().await.expect("it ends with the invoice")
}

async fn is_paid(server: &Server, invoice: &Value) {
    let paid = |read: &Value| read["status"] == "paid" && read["stale_since"].is_null();
    server.json_until(&path_of(invoice), paid).await;
    let kinds = kinds(server, invoice).await;
    assert_eq!(kinds, ["invoice.created", "invoice.paid"], "each once");
}

/// LND replays nothing for index 0, so what happens before the stream is established is never told by it.
#[tokio::test]
async fn the_first_payment_of_all_is_found_although_no_stream_tells_it() {
    let shop = Shop::open().await;
    let silent = shop
        .node()
        .faults()
        .hang(Calls::of("SubscribeInvoices"), Hold::Call);
    let server = shop.server().await;
    let invoice = server.create("10", "the first").await;
    let stream = stream(&server, &invoice).await;
    shop.pay(&invoice).await;
    assert!(told(stream).await.contains("invoice.paid"));
    silent.release();
    is_paid(&server, &invoice).await;
    server.stop().await.expect("in order");

    // It is index 1, and the next payment arrives while nobody follows.
    let server = shop.server().await;
    let next = server.create("10", "the second").await;
    server.stop().await.expect("in order");
    shop.pay(&next).await;
    let server = shop.server().await;
    for invoice in [&invoice, &next] {
        is_paid(&server, invoice).await;
    }
}

#[tokio::test]
async fn streams_that_break_miss_nothing() {
    let shop = Shop::open().await;
    let server = shop.server().await;
    for _ in 0..3 {
        let before = server.create("10", "before").await;
        shop.pay(&before).await;
    }
    let faults = shop.node().faults();
    for fault in [
        None,
        Some(CallFault::CutAnswer),
        Some(CallFault::NotJson),
        Some(CallFault::NoResult),
        Some(CallFault::Fail {
            code: 14,
            message: "the node is stopping".to_owned(),
        }),
    ] {
        let one = server.create("10", "told by a broken line").await;
        let other = server.create("10", "paid while there is no stream").await;
        let streams = (stream(&server, &one).await, stream(&server, &other).await);
        match fault {
            Some(fault) => faults.once(Calls::of("SubscribeInvoices"), fault),
            None => shop.node().refuse_connections().await,
        }
        shop.pay(&one).await;
        shop.node().close_connections().await;
        shop.pay(&other).await;
        shop.node().accept_connections().await.expect("it listens");
        for stream in [streams.0, streams.1] {
            assert!(told(stream).await.contains("invoice.paid"));
        }
        for invoice in [&one, &other] {
            is_paid(&server, invoice).await;
        }
    }
}

/// A read asks for the invoice itself.
#[tokio::test]
async fn a_silent_stream_makes_no_read_stale() {
    let shop = Shop::open().await;
    let server = shop.server().await;
    let before = server.create("10", "before").await;
    shop.pay(&before).await;
    is_paid(&server, &before).await;
    let faults = shop.node().faults();
    let _silent = faults.hang(Calls::of("SubscribeInvoices"), Hold::Answer);
    let invoice = server.create("10", "in silence").await;
    shop.pay(&invoice).await;
    let (_, read) = server.json(&path_of(&invoice)).await;
    assert_eq!(
        (&read["status"], &read["stale_since"]),
        (&"paid".into(), &Value::Null)
    );
}

/// The move of LND's database to SQL has done that.
#[tokio::test]
async fn settle_indexes_that_begin_again_hide_no_payment() {
    let shop = Shop::open().await;
    let server = shop.server().await;
    let mut paid = Vec::new();
    // What was followed is written down when a session begins.
    for _ in 0..3 {
        for _ in 0..2 {
            let invoice = server.create("10", "before").await;
            shop.pay(&invoice).await;
            is_paid(&server, &invoice).await;
            paid.push(invoice);
        }
        shop.node().restart().await.expect("it listens");
        ready(&server).await;
    }
    // Beside a running server.
    shop.node().begin_settle_indexes_again().expect("written");
    shop.node().restart().await.expect("it listens");
    ready(&server).await;
    let invoice = server.create("10", "index 1, again").await;
    let followed = stream(&server, &invoice).await;
    shop.pay(&invoice).await;
    assert!(told(followed).await.contains("invoice.paid"));
    paid.push(invoice);
    let invoice = server.create("10", "index 2, again").await;
    let followed = stream(&server, &invoice).await;
    shop.pay(&invoice).await;
    assert!(told(followed).await.contains("invoice.paid"));
    paid.push(invoice);

    // And while there is none.
    let (one, other) = (
        server.create("10", "meanwhile").await,
        server.create("10", "after").await,
    );
    server.stop().await.expect("in order");
    shop.node().begin_settle_indexes_again().expect("written");
    shop.node().restart().await.expect("it listens");
    shop.pay(&one).await;
    let server = shop.server().await;
    let followed = stream(&server, &other).await;
    shop.pay(&other).await;
    assert!(told(followed).await.contains("invoice.paid"));
    for invoice in paid.iter().chain([&one, &other]) {
        is_paid(&server, invoice).await;
    }
}

fn copy(from: &Path, to: &Path) {
    drop(fs::remove_dir_all(to));
    fs::create_dir(to).expect("a directory");
    for entry in fs::read_dir(from).expect("files") {
        let path = entry.expect("an entry").path();
        fs::copy(&path, to.join(path.file_name().expect("a name"))).expect("copied");
    }
    fs::set_permissions(to, fs::Permissions::from_mode(0o700)).expect("private");
}

/// The indexes count on from where they were, so a payment has the index of one that is lost.
#[tokio::test]
async fn a_node_that_was_put_back_loses_no_payment_that_was_seen() {
    let directory = tempfile::tempdir().expect("a directory");
    let (home, backup) = (
        directory.path().join("node"),
        directory.path().join("backup"),
    );
    let shop = Shop::with(Lnd::start_in(&home).await);
    let server = shop.server().await;
    let (seen, open) = (
        server.create("10", "paid, and then lost").await,
        server.create("10", "open").await,
    );
    let first = server.create("10", "paid before").await;
    shop.pay(&first).await;
    is_paid(&server, &first).await;
    copy(&home, &backup);
    shop.pay(&seen).await;
    is_paid(&server, &seen).await;
    server.stop().await.expect("in order");

    let Shop { lnd, records } = shop;
    lnd.node.stop().await;
    drop(lnd);
    copy(&backup, &home);
    let shop = Shop {
        lnd: Lnd::start_in(&home).await,
        records,
    };
    let server = shop.server().await;
    let followed = stream(&server, &open).await;
    shop.pay(&open).await;
    assert!(told(followed).await.contains("invoice.paid"));
    for invoice in [&first, &seen, &open] {
        let (_, read) = server.json(&path_of(invoice)).await;
        assert_eq!(read["status"], "paid", "{read}");
        let kinds = kinds(&server, invoice).await;
        assert_eq!(kinds, ["invoice.created", "invoice.paid"]);
    }
}

/// LND tells no cancellation, and may delete what is cancelled or over.
#[tokio::test]
async fn what_is_cancelled_or_vanishes_is_found_out() {
    let shop = Shop::open().await;
    let server = shop.server().await;
    let (cancelled, vanished, over) = (
        server.create("10", "cancelled by another program").await,
        server.create("10", "cancelled and deleted").await,
        server.create("10", "stays").await,
    );
    shop.lnd.delete(&cancelled, "unpaid").await;
    shop.lnd.delete(&vanished, "unpaid").await;
    shop.node()
        .delete(&payment_hash(&vanished).to_bytes())
        .expect("deleted");
    for gone in [&cancelled, &vanished] {
        let (_, read) = server.json(&path_of(gone)).await;
        assert_eq!(read["status"], "cancelled", "{read}");
        let kinds = kinds(&server, gone).await;
        assert_eq!(kinds, ["invoice.created", "invoice.cancelled"]);
    }
    shop.pay(&over).await;
    is_paid(&server, &over).await;
}

/// Many look-ups are made in steps, and a payment is told between two of them.
#[tokio::test]
async fn a_long_comparison_keeps_no_payment_waiting() {
    const CANCELLED: usize = 40;
    let shop = Shop::open().await;
    let server = shop.server().await;
    ready(&server).await;
    let paid = server.create("10", "paid meanwhile").await;
    let stream = stream(&server, &paid).await;
    let mut cancelled = Vec::new();
    for _ in 0..CANCELLED {
        cancelled.push(server.create("10", "cancelled by another program").await);
    }
    let faults = shop.node().faults();
    faults.slow(Calls::of("LookupInvoice"), Duration::from_millis(50));
    for invoice in &cancelled {
        shop.lnd.delete(invoice, "unpaid").await;
    }
    // The comparison has begun.
    until_event(&server, |kinds| kinds.contains(&"invoice.cancelled")).await;
    shop.pay(&paid).await;
    let told = told(stream).await;
    assert!(told.contains("invoice.paid"), "{told}");
    faults.clear();
    let all = |kinds: &[&str]| {
        let cancelled = kinds.iter().filter(|kind| **kind == "invoice.cancelled");
        cancelled.count() == CANCELLED
    };
    let kinds = until_event(&server, all).await;
    let place = kinds.iter().position(|kind| kind == "invoice.paid");
    let last = kinds.iter().rposition(|kind| kind == "invoice.cancelled");
    assert!(place < last, "{kinds:?}");
}

/// The kinds of all events, when they are as they should be.
async fn until_event(server: &Server, complete: impl Fn(&[&str]) -> bool) -> Vec<String> {
    let all = async || loop {
        let events = server.request(Method::GET, "/api/v1/events?limit=100");
        let (_, events) = json(events.bearer_auth(TOKEN).send().await).await;
        let events = events["events"].as_array().expect("events");
        let kinds: Vec<_> = events
            .iter()
            .filter_map(|event| event["type"].as_str())
            .collect();
        if complete(&kinds) {
            return kinds.into_iter().map(str::to_owned).collect();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    let found = timeout(TIMEOUT, all()).await;
    found.expect("events in time")
}

#[tokio::test]
async fn what_expired_is_no_cancellation_even_if_it_vanishes() {
    let shop = Shop::open().await;
    let records = shop.records.path().to_str().expect("a plain path");
    let settings = [
        ("STORE__DATA_DIR", records),
        ("API_TOKEN", TOKEN),
        ("INVOICE__EXPIRY_SECONDS", "1"),
    ];
    let server = shop.lnd.server(&settings).await;
    ready(&server).await;
    let (kept, vanished) = (
        server.create("10", "over").await,
        server.create("10", "over and deleted").await,
    );
    shop.node().advance(Duration::from_secs(2));
    // Of one that LND deleted, facture's own clock says whether it had expired.
    let expires_at = vanished["expires_at"].as_i64().expect("a time");
    let is_past = |_: &_| jiff::Timestamp::now().as_second() > expires_at;
    server.json_until(&path_of(&kept), is_past).await;
    shop.node()
        .delete(&payment_hash(&vanished).to_bytes())
        .expect("deleted");
    for over in [&kept, &vanished] {
        server
            .json_until(&path_of(over), |read| read["status"] == "expired")
            .await;
    }
    let kinds = kinds(&server, &kept).await;
    assert_eq!(kinds, ["invoice.created", "invoice.expired"]);
}

/// Keysend payments, AMP invoices that are paid repeatedly, and what another program holds: none of ours, and counted by the
/// same indexes.
#[tokio::test]
async fn payments_of_other_kinds_disturb_nothing() {
    let shop = Shop::open().await;
    let server = shop.server().await;
    let amp = shop.node().add_amp(5000, "donations").expect("made");
    let mut ours = Vec::new();
    for _ in 0..3 {
        shop.node().keysend(33_000).expect("it arrives");
        let invoice = server.create("10", "ours").await;
        for _ in 0..2 {
            shop.node().pay(&amp, None).await.expect("paid");
        }
        let followed = stream(&server, &invoice).await;
        shop.pay(&invoice).await;
        assert!(told(followed).await.contains("invoice.paid"));
        ours.push(invoice);
        for _ in 0..2 {
            shop.node().pay(&amp, None).await.expect("paid");
        }
        shop.node().restart().await.expect("it listens");
        ready(&server).await;
    }
    let (_, listed) = json(
        server
            .request(Method::GET, "/api/v1/invoices")
            .bearer_auth(TOKEN)
            .send()
            .await,
    )
    .await;
    let listed = listed["invoices"].as_array().expect("invoices").len();
    assert_eq!(listed, 3, "foreign ones stay hidden");
    for invoice in &ours {
        is_paid(&server, invoice).await;
    }
}

/// Each payment of an AMP invoice has an index of its own, and the invoice shows them all.
#[tokio::test]
async fn another_payment_of_an_amp_invoice_is_no_other_state_of_the_node() {
    let lnd = Lnd::start().await;
    let amp = lnd.node.add_amp(5000, "donations").expect("made");
    let node = Node::Lnd(lnd.other_program());
    let (mut feed, continuity, _) = node.resume(None, None).await.expect("followed");
    assert_eq!(continuity, Continuity::Same);
    let mut watch = feed.watch().await.expect("a watch");
    // The first one of all may be missed: nothing says when the stream is there.
    while feed.position().number() < 2 {
        lnd.node.pay(&amp, None).await.expect("paid");
        let news = timeout(TIMEOUT, watch.next(feed.position())).await;
        if let News::Paid(paid) = news.expect("in time").expect("told") {
            feed.advance_by(&paid);
            feed.remember(&paid);
        }
    }
    lnd.node.pay(&amp, None).await.expect("paid");
    let (cursor, history) = (feed.cursor(), feed.history());
    let resumed = node.resume(Some(&cursor), Some(&history)).await;
    let (_, continuity, _) = resumed.expect("followed");
    assert_eq!(continuity, Continuity::Same);
    // With another payment in its place it is.
    let other = history
        .as_str()
        .replace("\"settle_index\":", "\"settle_index\":7");
    let resumed = node
        .resume(Some(&cursor), Some(&StoredHistory::new(other)))
        .await;
    let (_, continuity, _) = resumed.expect("followed");
    assert_eq!(continuity, Continuity::Restored);
}
