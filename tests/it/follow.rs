//! Never lose a payment: whatever stops, breaks, comes back or is replaced, the page is right and the event log has
//! everything once.

use std::{fs::OpenOptions, os::unix::fs::OpenOptionsExt, path::Path, sync::Arc, time::Duration};

use cln_rpc::ClnRpc;
use facture::web::Mode;
use facture_domain::{Event, EventKind, LabelPrefix, NodeId, Status, StoredCursor, StoredHistory};
use facture_sandbox::{CallFault, Calls, Faults, Hanging, Hold, SandboxNode};
use facture_store::Store;
use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
    task::yield_now,
    time::timeout,
};

use crate::{
    contract::{World, path_of},
    harness::{Server, TIMEOUT, config_on},
    world::{Sandbox, own_label},
};

/// A server whose records outlive it.
struct Shop {
    sandbox: Sandbox,
    records: TempDir,
}

impl Shop {
    async fn open() -> Self {
        let records = tempfile::tempdir().expect("a directory");
        Self {
            sandbox: Sandbox::start().await,
            records,
        }
    }

    async fn server(&self) -> Server {
        self.server_with(&[]).await
    }

    async fn server_with(&self, settings: &[(&str, &str)]) -> Server {
        let data_dir = self.records.path().to_str().expect("a plain path");
        let settings = [&[("STORE__DATA_DIR", data_dir)], settings].concat();
        let config = config_on(self.sandbox.node.rpc_file().to_owned(), &settings);
        let server = Server::start(config, Mode::Live).await;
        server
            .json_until("/readyz", |answer| {
                answer["status"] == "ready" || answer["code"] == "node_replaced"
            })
            .await;
        server
    }

    /// The event log, from the first on.
    async fn log(&self) -> Vec<Event> {
        log(self.records.path()).await
    }

    fn pay(&self, invoice: &Value) {
        self.sandbox
            .node
            .pay(bolt11(invoice), None)
            .expect("the buyer pays");
    }
}

async fn log(records: &Path) -> Vec<Event> {
    let store = Store::open(records).await.expect("the records");
    let events = store
        .events(0, &EventKind::ALL, 100_000)
        .await
        .expect("the log");
    store.close().await;
    events
}

/// The event log of records that a server has open: that of a backup that is made meanwhile, as docs/install.md says.
async fn log_of_running(records: &Path) -> Vec<Event> {
    let backup = TempDir::new().expect("a directory");
    let copy = backup.path().join("facture.db");
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&copy)
        .expect("an empty file");
    let database = rusqlite::Connection::open(records.join("facture.db")).expect("the records");
    let copy = copy.to_str().expect("a plain path");
    database.execute("VACUUM INTO ?1", [copy]).expect("a copy");
    log(backup.path()).await
}

fn bolt11(invoice: &Value) -> &str {
    invoice["bolt11"].as_str().expect("a bolt11")
}

/// Kinds and descriptions, in order.
fn told(events: &[Event]) -> Vec<(EventKind, &str)> {
    events
        .iter()
        .map(|event| {
            (
                event.kind,
                event
                    .payload
                    .invoice()
                    .expect("an invoice")
                    .description
                    .as_str(),
            )
        })
        .collect()
}

#[tokio::test]
async fn what_happened_while_we_were_down_is_there_once_and_in_order() {
    let shop = Shop::open().await;
    let server = shop
        .server_with(&[("INVOICE__EXPIRY_SECONDS", "100")])
        .await;
    let (first, second, third) = (
        server.create("1", "first").await,
        server.create("2", "second").await,
        server.create("3", "third").await,
    );
    server.stop().await.expect("in order");
    shop.pay(&second);
    shop.pay(&first);
    shop.sandbox.node.advance(Duration::from_secs(200));

    let server = shop.server().await;
    for (invoice, status) in [(&first, "paid"), (&second, "paid"), (&third, "expired")] {
        assert_eq!(server.json(&path_of(invoice)).await.1["status"], status);
    }
    server.stop().await.expect("in order");
    let server = shop.server().await;
    server.stop().await.expect("in order");
    use EventKind::{Created, Expired, Paid};
    let log = shop.log().await;
    let expected = [
        (Created, "first"),
        (Created, "second"),
        (Created, "third"),
        (Paid, "second"),
        (Paid, "first"),
        (Expired, "third"),
    ];
    assert_eq!(told(&log), expected);
    assert!(log.is_sorted_by_key(|event| event.sequence));
}

#[tokio::test]
async fn a_read_after_the_payment_shows_it() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
    for round in 0..50 {
        let invoice = server.create("1", &format!("round {round}")).await;
        sandbox
            .node
            .pay(bolt11(&invoice), None)
            .expect("the buyer pays");
        let (_, now) = server.json(&path_of(&invoice)).await;
        assert_eq!(
            (&now["status"], &now["stale_since"]),
            (&"paid".into(), &Value::Null),
            "round {round}"
        );
    }
}

/// Until it has asked for the next payment so many times.
async fn waits_for_payments(node: &SandboxNode, times: u64) {
    let waits = async {
        while node.calls("waitanyinvoice") < times {
            yield_now().await;
        }
    };
    timeout(TIMEOUT, waits).await.expect("it waits");
}

/// A payment is told whole, so nobody asks what has changed; `wait` says nothing here.
#[tokio::test]
async fn a_payment_that_is_told_is_not_asked_for() {
    let shop = Shop::open().await;
    let node = &shop.sandbox.node;
    let server = shop.server().await;
    let (before, invoice) = (
        server.create("1", "before").await,
        server.create("2", "told").await,
    );
    let stream = server.request(Method::GET, &format!("{}/events", path_of(&invoice)));
    let stream = stream.send().await.expect("an answer");
    waits_for_payments(node, 1).await;
    let silent = node.faults().hang(Calls::of("wait"), Hold::Call);
    shop.pay(&before);
    let reached = timeout(TIMEOUT, silent.reached(1));
    reached.await.expect("it waits");
    waits_for_payments(node, 2).await;
    let asked = node.calls("listinvoices");
    shop.pay(&invoice);
    let told = timeout(TIMEOUT, stream.text()).await.expect("in time");
    assert!(told.expect("text").contains("invoice.paid"));
    assert_eq!(node.calls("listinvoices"), asked);
    drop(silent);
    server.stop().await.expect("in order");
    use EventKind::{Created, Paid};
    let log = shop.log().await;
    assert_eq!(
        self::told(&log),
        [
            (Created, "before"),
            (Created, "told"),
            (Paid, "before"),
            (Paid, "told")
        ]
    );
}

/// Whatever becomes of the second connection, the first misses nothing.
#[tokio::test]
async fn a_node_that_tells_no_payments_is_asked_for_them() {
    let faults: [fn(&Faults) -> Option<Hanging>; 4] = [
        |faults| {
            faults.lack(Calls::of("waitanyinvoice"));
            None
        },
        |faults| Some(faults.hang(Calls::of("waitanyinvoice"), Hold::Call)),
        |faults| Some(faults.hang(Calls::of("waitanyinvoice"), Hold::Answer)),
        |faults| {
            faults.once(Calls::of("waitanyinvoice"), CallFault::NotJson);
            None
        },
    ];
    for fault in faults {
        let shop = Shop::open().await;
        let _hanging = fault(shop.sandbox.node.faults());
        let server = shop.server().await;
        shop.sandbox.foreign_invoice("another-program").await;
        for number in 0..3 {
            let invoice = server.create("1", &format!("number {number}")).await;
            shop.pay(&invoice);
            let path = path_of(&invoice);
            let (_, now) = server.json(&path).await;
            assert_eq!(now["status"], "paid", "{now}");
        }
        // The same session goes on.
        assert_eq!(shop.sandbox.node.calls("waitanyinvoice"), 1);
        server.stop().await.expect("in order");
        let log = shop.log().await;
        let paid = log.iter().filter(|event| event.kind == EventKind::Paid);
        assert_eq!((paid.count(), log.len()), (3, 6));
    }
}

/// One that is told while something before it is not applied waits for that.
#[tokio::test]
async fn a_payment_is_not_taken_out_of_turn() {
    let shop = Shop::open().await;
    let node = &shop.sandbox.node;
    let server = shop
        .server_with(&[("INVOICE__EXPIRY_SECONDS", "100")])
        .await;
    let before = server.create("1", "before").await;
    let late = server.create("1", "late").await;
    waits_for_payments(node, 1).await;
    let silent = node.faults().hang(Calls::of("wait"), Hold::Call);
    shop.pay(&before);
    timeout(TIMEOUT, silent.reached(1)).await.expect("it waits");
    node.advance(Duration::from_secs(200));
    // Made by the node's clock, so its time is not over.
    let paid = server.create("1", "paid").await;
    waits_for_payments(node, 2).await;
    shop.pay(&paid);
    // It was told of that one, and waits for the next.
    waits_for_payments(node, 3).await;
    let running = log_of_running(shop.records.path()).await;
    use EventKind::{Created, Expired, Paid};
    let first = [
        (Created, "before"),
        (Created, "late"),
        (Paid, "before"),
        (Created, "paid"),
    ];
    assert_eq!(told(&running), first);
    drop(silent);
    for (invoice, status) in [(&late, "expired"), (&paid, "paid")] {
        server
            .json_until(&path_of(invoice), |now| now["status"] == status)
            .await;
    }
    server.stop().await.expect("in order");
    let rest = [(Expired, "late"), (Paid, "paid")];
    assert_eq!(told(&shop.log().await), [&first[..], &rest[..]].concat());
}

#[tokio::test]
async fn final_states_are_answered_from_memory() {
    let shop = Shop::open().await;
    let server = shop.server().await;
    let invoice = server.create("1", "done").await;
    shop.pay(&invoice);
    server
        .json_until(&path_of(&invoice), |answer| answer["status"] == "paid")
        .await;
    shop.sandbox.node.stop().await;
    let (status, paid) = server.json(&path_of(&invoice)).await;
    assert_eq!(
        (status, &paid["status"], &paid["stale_since"]),
        (StatusCode::OK, &"paid".into(), &Value::Null)
    );
}

#[tokio::test]
async fn a_thousand_readers_cost_few_calls() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
    let path = path_of(&server.create("1", "popular").await);
    let before = sandbox.node.calls("wait");
    let hanging = sandbox.node.faults().hang(Calls::of("wait"), Hold::Answer);
    let readers = async {
        let reads = (0..200).map(|_| server.json(&path));
        for (status, _) in futures_util::future::join_all(reads).await {
            assert_eq!(status, StatusCode::OK);
        }
    };
    let release = async {
        hanging.reached(1).await;
        hanging.release();
    };
    tokio::join!(readers, release);
    let calls = sandbox.node.calls("wait") - before;
    assert!(calls < 50, "{calls} calls for 200 readers");
}

#[tokio::test]
async fn a_lost_database_is_rebuilt_from_the_node_in_the_order_of_the_payments() {
    let shop = Shop::open().await;
    let server = shop
        .server_with(&[("INVOICE__EXPIRY_SECONDS", "100")])
        .await;
    let mut invoices = Vec::new();
    for number in 0..10 {
        invoices.push(server.create("1", &format!("number {number}")).await);
    }
    shop.sandbox.foreign_invoice("another-program").await;
    for number in [7, 2, 5] {
        shop.pay(&invoices[number]);
    }
    server
        .json_until(&path_of(&invoices[5]), |answer| answer["status"] == "paid")
        .await;
    server.stop().await.expect("in order");

    let lost = TempDir::new().expect("a directory");
    let shop = Shop {
        records: lost,
        ..shop
    };
    let server = shop.server().await;
    for (number, invoice) in invoices.iter().enumerate() {
        let (status, now) = server.json(&path_of(invoice)).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(
            now["status"],
            if [7, 2, 5].contains(&number) {
                "paid"
            } else {
                "unpaid"
            }
        );
        assert_eq!(now["bolt11"], invoice["bolt11"]);
        assert_eq!(now["created_at"], invoice["created_at"]);
    }
    server.stop().await.expect("in order");
    let log = shop.log().await;
    let count = |kind| log.iter().filter(|event| event.kind == kind).count();
    assert_eq!(
        (count(EventKind::Created), count(EventKind::Paid), log.len()),
        (10, 3, 13)
    );
    let paid: Vec<_> = log
        .iter()
        .filter(|event| event.kind == EventKind::Paid)
        .collect();
    assert!(paid.is_sorted_by_key(
        |event| match &event.payload.invoice().expect("an invoice").status {
            Status::Paid(settlement) => settlement.pay_index,
            _ => panic!("{event:?}"),
        }
    ));
}

#[tokio::test]
async fn an_invoice_that_the_node_made_but_we_did_not_store_is_adopted() {
    let shop = Shop::open().await;
    let server = shop.server().await;
    server.create("1", "stored").await;
    server.stop().await.expect("in order");
    // As if we had ended between the node's answer and our row.
    let label = own_label(shop.records.path());
    let mut client = ClnRpc::new(shop.sandbox.node.rpc_file())
        .await
        .expect("a connection");
    let invoice = json!({ "amount_msat": 5000, "label": label.as_str(), "description": "orphan" });
    let _: Value = client.call_raw("invoice", &invoice).await.expect("made");
    let server = shop.server().await;
    let (status, adopted) = server.json(&format!("/check_invoice/{label}")).await;
    assert_eq!(
        (status, &adopted["description"]),
        (StatusCode::OK, &"orphan".into())
    );
    server.stop().await.expect("in order");
    let told = told(&shop.log().await).len();
    assert_eq!(told, 2, "one event each");
}

#[tokio::test]
async fn another_node_is_not_mixed_in() {
    let shop = Shop::open().await;
    let server = shop.server().await;
    let invoice = server.create("1", "on the first node").await;
    shop.sandbox.node.stop().await;
    std::fs::remove_file(shop.sandbox.node.rpc_file()).expect("the socket's file");
    let other = SandboxNode::start(shop.sandbox.node.rpc_file())
        .await
        .expect("another node");
    let (status, answer) = server.submit_json(&[("amount", "5")]).await;
    assert_eq!(
        (status, &answer["error"]["code"]),
        (StatusCode::SERVICE_UNAVAILABLE, &"node_replaced".into())
    );
    assert_eq!(server.json("/readyz").await.1["code"], "node_replaced");
    let (status, shown) = server.json(&path_of(&invoice)).await;
    assert_eq!(
        (status, &shown["status"]),
        (StatusCode::OK, &"unpaid".into())
    );
    assert!(shown["stale_since"].is_i64(), "{shown}");
    server.stop().await.expect("in order");
    // A new start is no way around it.
    let server = shop.server().await;
    assert_eq!(
        server.submit_json(&[("amount", "5")]).await.1["error"]["code"],
        "node_replaced"
    );
    assert_eq!(other.invoice_count(), 0);
}

/// Has an invoice paid, stops, changes what is stored of the node, and has another one paid.
async fn goes_on_after(change: impl AsyncFnOnce(&Store, &NodeId)) {
    let shop = Shop::open().await;
    let server = shop.server().await;
    let invoice = server.create("1", "paid before").await;
    shop.pay(&invoice);
    server
        .json_until(&path_of(&invoice), |answer| answer["status"] == "paid")
        .await;
    server.stop().await.expect("in order");
    let store = Store::open(shop.records.path()).await.expect("the records");
    let node = store.node().await.expect("readable").expect("bound");
    change(&store, &node).await;
    store.close().await;

    let server = shop.server().await;
    assert_eq!(server.json(&path_of(&invoice)).await.1["status"], "paid");
    let after = server.create("1", "paid after").await;
    shop.pay(&after);
    server
        .json_until(&path_of(&after), |answer| answer["status"] == "paid")
        .await;
    server.stop().await.expect("in order");
    let log = shop.log().await;
    let paid = log.iter().filter(|event| event.kind == EventKind::Paid);
    assert_eq!(paid.count(), 2, "each once");
}

#[tokio::test]
async fn a_node_restored_from_a_backup_loses_us_nothing() {
    goes_on_after(async |store, node| {
        // As if the node's index had been further once.
        let cursor = StoredCursor::new("1000 1000".to_owned());
        store.move_cursor(node, &cursor).await.expect("moved");
    })
    .await;
}

#[tokio::test]
async fn a_cursor_or_history_that_cannot_be_read_is_made_anew() {
    goes_on_after(async |store, node| {
        let cursor = StoredCursor::new("no cursor".to_owned());
        store.move_cursor(node, &cursor).await.expect("moved");
    })
    .await;
    goes_on_after(async |store, node| {
        let history = StoredHistory::new("no history".to_owned());
        store.save_history(node, &history).await.expect("saved");
    })
    .await;
}

#[tokio::test]
async fn an_unreadable_invoice_of_another_program_stops_nothing() {
    let shop = Shop::open().await;
    // A raw control byte in a label makes lightningd's lists invalid JSON.
    let mut raw = UnixStream::connect(shop.sandbox.node.rpc_file())
        .await
        .expect("a connection");
    let request = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"invoice\",\"params\":{\"amount_msat\":1000,\
                   \"label\":\"c\u{1}d\",\"description\":\"d\",\"expiry\":50}}\n\n";
    raw.write_all(request.as_bytes()).await.expect("sent");
    assert!(raw.read(&mut [0; 4096]).await.expect("an answer") > 0);
    let server = shop.server().await;
    let invoice = server.create("1", "ours").await;
    shop.sandbox.node.advance(Duration::from_secs(60));
    shop.pay(&invoice);
    server
        .json_until(&path_of(&invoice), |answer| answer["status"] == "paid")
        .await;
    server.stop().await.expect("in order");
    let server = shop.server().await;
    assert_eq!(server.json(&path_of(&invoice)).await.1["status"], "paid");
}

#[tokio::test]
async fn answers_that_are_lost_cut_or_nonsense_are_asked_for_again_and_nothing_is_passed_over() {
    let shop = Shop::open().await;
    let server = shop.server().await;
    let invoice = server.create("1", "three losses").await;
    server.stop().await.expect("in order");
    // From here on the walk through what was created has passed the invoice: only its update can tell the payment.
    let server = shop.server().await;
    for fault in [
        CallFault::CloseAfter,
        CallFault::CloseAfter,
        CallFault::CloseAfter,
        CallFault::CutAnswer,
        CallFault::NotJson,
        CallFault::CloseBefore,
        CallFault::NoResult,
    ] {
        shop.sandbox
            .node
            .faults()
            .once(Calls::of("listinvoices"), fault);
    }
    shop.pay(&invoice);
    server
        .json_until(&path_of(&invoice), |answer| answer["status"] == "paid")
        .await;
    server.stop().await.expect("in order");
    assert_eq!(told(&shop.log().await).len(), 2);
}

#[tokio::test]
async fn an_overdue_invoice_that_the_node_has_no_more_ends_too() {
    let shop = Shop::open().await;
    let server = shop.server().await;
    let invoice = server.create("1", "deleted by another program").await;
    let mut client = ClnRpc::new(shop.sandbox.node.rpc_file())
        .await
        .expect("a connection");
    let gone = json!({ "label": invoice["label"], "status": "unpaid" });
    let _: Value = client.call_raw("delinvoice", &gone).await.expect("deleted");
    server.stop().await.expect("in order");
    // As if it had been made a day ago, in a database of then.
    let store = Store::open(shop.records.path()).await.expect("the records");
    let node = store.node().await.expect("readable").expect("bound");
    let label = LabelPrefix::default()
        .parse_label(invoice["label"].as_str().unwrap_or_default())
        .expect("ours");
    let mut old = store.find(&label).await.expect("readable").expect("there");
    store.close().await;
    let shop = Shop {
        records: TempDir::new().expect("a directory"),
        ..shop
    };
    let store = Store::open(shop.records.path()).await.expect("new records");
    Arc::make_mut(&mut old).expires_at = Timestamp::now() - SignedDuration::from_hours(24);
    store.create(node, old, Vec::new()).await.expect("written");
    store.close().await;

    let server = shop.server().await;
    server
        .json_until(&path_of(&invoice), |answer| answer["status"] == "cancelled")
        .await;
    server.stop().await.expect("in order");
    let kinds: Vec<_> = shop.log().await.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::Created, EventKind::Cancelled]);
}

#[tokio::test]
async fn a_crowd_of_visitors_does_not_keep_the_news_waiting() {
    let shop = Shop::open().await;
    let server = shop
        .server_with(&[("NODE__CONNECTIONS", "2"), ("NODE__QUEUE", "4")])
        .await;
    let invoice = server.create("1", "paid in the crowd").await;
    let hanging = shop
        .sandbox
        .node
        .faults()
        .hang(Calls::of("invoice"), Hold::Answer);
    let crowd = futures_util::future::join_all((0..12).map(|_| server.submit(&[("amount", "1")])));
    let meanwhile = async {
        hanging.reached(2).await;
        shop.pay(&invoice);
        let paid = server
            .json_until(&path_of(&invoice), |answer| answer["status"] == "paid")
            .await;
        hanging.release();
        paid
    };
    let (answers, paid) = tokio::join!(crowd, meanwhile);
    assert_eq!(paid["stale_since"], Value::Null);
    let refused = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::SERVICE_UNAVAILABLE)
        .count();
    assert_eq!(
        refused, 6,
        "two have a connection, four wait, the rest is told to come again"
    );
}

#[tokio::test]
async fn a_data_directory_has_one_server_and_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let shop = Shop::open().await;
    let server = shop.server().await;
    server.create("1", "something to write").await;
    let data_dir = shop.records.path().to_str().expect("a plain path");
    let config = config_on(
        shop.sandbox.node.rpc_file().to_owned(),
        &[("STORE__DATA_DIR", data_dir)],
    );
    let refused = Server::start(config, Mode::Live)
        .await
        .stop()
        .await
        .expect_err("there is a server");
    assert!(
        format!("{refused:#}").contains("another facture uses"),
        "{refused:#}"
    );
    for entry in std::fs::read_dir(shop.records.path()).expect("a list") {
        let entry = entry.expect("an entry");
        let mode = entry.metadata().expect("there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}", entry.file_name());
    }
    server.stop().await.expect("in order");
    shop.server().await.stop().await.expect("free again");
}

#[tokio::test]
async fn of_many_first_starts_at_once_one_makes_the_database() {
    for _round in 0..5 {
        let directory = tempfile::tempdir().expect("a directory");
        let opened =
            futures_util::future::join_all((0..8).map(|_| Store::open(directory.path()))).await;
        let (opened, refused): (Vec<_>, Vec<_>) = opened.into_iter().partition(Result::is_ok);
        assert_eq!((opened.len(), refused.len()), (1, 7));
        for refused in refused {
            let refused = refused.expect_err("refused").to_string();
            assert!(refused.contains("another facture uses"), "{refused}");
        }
        for store in opened {
            assert_eq!(store.expect("opened").node().await.expect("readable"), None);
        }
    }
}

#[tokio::test]
async fn old_expired_invoices_are_pruned_and_their_pages_stay() {
    let shop = Shop::open().await;
    let server = shop.server().await;
    let paid = server.create("1", "paid").await;
    shop.pay(&paid);
    server.stop().await.expect("in order");
    let server = shop.server_with(&[("INVOICE__EXPIRY_SECONDS", "1")]).await;
    let expired = server.create("1", "expired").await;
    shop.sandbox.node.advance(Duration::from_secs(10));
    server
        .json_until(&path_of(&expired), |answer| answer["status"] == "expired")
        .await;
    server.stop().await.expect("in order");
    // Age is counted by our own clock, so the shortest age has to pass for real.
    let server = shop
        .server_with(&[("INVOICE__PRUNE_EXPIRED_AFTER_SECONDS", "1")])
        .await;
    let pruned = async {
        let mut tick = tokio::time::interval(Duration::from_millis(50));
        while shop.sandbox.node.invoice_count() > 1 {
            // It is looked after at each start of following, and now and then.
            tick.tick().await;
            shop.sandbox.node.close_connections().await;
        }
    };
    tokio::time::timeout(crate::harness::TIMEOUT, pruned)
        .await
        .expect("pruned in time");
    assert_eq!(server.json(&path_of(&expired)).await.1["status"], "expired");
    assert_eq!(server.json(&path_of(&paid)).await.1["status"], "paid");
}
