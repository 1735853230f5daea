//! The store from inside: what its own parts rely on. What callers rely on is in `contract/`.

use std::slice;

use futures_util::future::join_all;
use jiff::Timestamp;
use proptest::{collection::vec, prelude::*};

use crate::{
    AttemptRecord, Disposition, Error, Merged, Store,
    rows::*,
    sql::{self, all},
};
use facture_domain::{
    Amount, Bolt11, EventKind, Hook, HookFormat, HookUrl, Invoice, InvoiceKind, Label, Metadata,
    Msat, NodeId, Order, Settlement, Status, StoredCursor, Warning,
    hook::{Attempt, Disabled, EndpointChange, EndpointState, Kinds, NewEndpoint, Outcome, Queued},
};

pub(super) fn invoice(number: u64, description: String, status: Status) -> Invoice {
    let at = Timestamp::from_second(1_795_195_153).unwrap();
    let never = Timestamp::from_second(4_102_444_800).unwrap();
    Invoice {
        label: Label::stored(format!("facture_{number:032x}")),
        amount: Amount::Any,
        description,
        kind: InvoiceKind::Bolt11(Bolt11::stored("lnbcrt1".to_owned())),
        payment_hash: "0f".repeat(32).parse().unwrap(),
        number,
        created_at: at,
        expires_at: never,
        status,
        cancelled_at: None,
        payment_proven_at: None,
        renewed_by: None,
        refunded: None,
        valuation: None,
        receipt: None,
        hold: None,
        order: Order::default(),
    }
}

/// A cursor, which the store does not look into.
pub(super) fn at(place: u64) -> StoredCursor {
    StoredCursor::new(place.to_string())
}

fn paid(pay_index: u64) -> Status {
    Status::Paid(Settlement {
        amount_received: Msat::from_msat(1_234).unwrap(),
        paid_at: Timestamp::from_second(1_795_195_160).unwrap(),
        pay_index,
    })
}

/// How SQLite would find what is asked for; all parameters are numbers.
pub(super) fn plan(store: &Store, sql: &str) -> String {
    let lines = store.lookup(|connection| {
        let mut statement = connection.prepare_cached(&format!("EXPLAIN QUERY PLAN {sql}"))?;
        let count = match statement.query([]).err() {
            Some(sql::Error::Parameters { expected, .. }) => expected,
            _ => 0,
        };
        let parameters = vec![0; count];
        let lines = statement.query_map(parameters, |row| row.get(3))?;
        Ok(lines.collect::<Result<Vec<String>, _>>()?)
    });
    lines.unwrap().join("; ")
}

pub(super) async fn opened() -> (tempfile::TempDir, Store, NodeId) {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path()).await.unwrap();
    let node = NodeId::new("02".repeat(33));
    store.bind(&node).await.unwrap();
    (directory, store, node)
}

#[tokio::test]
async fn what_happened_is_numbered_in_its_order() {
    let (_directory, store, node) = opened().await;
    let page = [
        invoice(1, String::new(), paid(1)),
        invoice(2, String::new(), Status::Unpaid),
        // The same again, with news.
        invoice(2, String::new(), Status::Expired),
        invoice(3, String::new(), Status::Expired),
        invoice(2, String::new(), paid(2)),
    ];
    let merged = store.apply(&node, &page, &at(0)).await.unwrap();
    let (adopted, changed) = (3, 2);
    assert_eq!(merged, Merged { adopted, changed });
    let events = store.events(0, &EventKind::ALL, 100).await.unwrap();
    let told: Vec<_> = events
        .iter()
        .map(|event| (event.payload.invoice().unwrap().number, event.kind))
        .collect();
    use EventKind::{Created, Expired, Paid};
    assert_eq!(
        told,
        [
            (1, Created),
            (1, Paid),
            (2, Created),
            (2, Expired),
            (3, Created),
            (3, Expired),
            (2, Paid)
        ]
    );
    for event in &events {
        let status = match event.kind {
            Created => Status::Unpaid,
            Expired => Status::Expired,
            Paid => paid(event.payload.invoice().unwrap().number),
            other => unreachable!("nothing of that: {other:?}"),
        };
        assert_eq!(event.payload.invoice().unwrap().status, status);
    }
    // What is no news changes nothing.
    let again = store.apply(&node, &page, &at(0)).await.unwrap();
    assert_eq!(again, Merged::default());
    assert_eq!(
        store.last_event().await.unwrap(),
        events.last().unwrap().sequence
    );
}

/// What was cached is never taken for what is there, were it the order only.
#[tokio::test]
async fn what_is_remembered_is_compared_with_what_is_there() {
    let (_directory, store, node) = opened().await;
    let other = store.clone();
    let [first, second, third] =
        [1, 2, 3].map(|number| invoice(number, String::new(), Status::Unpaid));
    let page = [first.clone(), second.clone(), third.clone()];
    store.apply(&node, &page, &at(1)).await.unwrap();
    // It knows by now whose these are, and remembers them.
    let again = store.apply(&node, &page, &at(2)).await.unwrap();
    assert_eq!(again, Merged::default());
    for invoice in &page {
        assert!(store.cached(&invoice.label).is_some());
    }
    let is_paid = |number, invoice: Invoice| Invoice {
        status: paid(number),
        ..invoice
    };
    let page = [is_paid(1, first), is_paid(2, second), is_paid(3, third)];
    let theirs = slice::from_ref(&page[0]);
    other.apply(&node, theirs, &at(3)).await.unwrap();
    let mut ordered = page.clone();
    ordered[1].order.metadata = Some(Metadata::stored("1".to_owned()));
    let unpaid = Invoice {
        status: Status::Unpaid,
        ..ordered[1].clone()
    };
    let hooks = Vec::new();
    other
        .create(node.clone(), unpaid.into(), hooks)
        .await
        .unwrap();
    let mut changed = Vec::new();
    for (reported, index) in page.iter().zip(4..) {
        let reported = slice::from_ref(reported);
        let merged = store.apply(&node, reported, &at(index)).await.unwrap();
        changed.push(merged.changed);
    }
    assert_eq!(changed, [0, 1, 1]);
    let events = store.events(0, &[EventKind::Paid], 100).await.unwrap();
    let told: Vec<_> = events
        .into_iter()
        .map(|event| event.payload.invoice().unwrap().clone())
        .collect();
    for (invoice, told) in ordered.iter_mut().zip(&told) {
        invoice.receipt = told.receipt;
    }
    assert_eq!(told, ordered);
    assert_eq!(store.bind(&node).await.unwrap(), Some(at(6)));
    for invoice in &ordered {
        assert_eq!(
            *store.find(&invoice.label).await.unwrap().unwrap(),
            *invoice
        );
    }
}

#[tokio::test]
async fn a_second_store_is_refused_in_plain_words_until_the_first_is_closed() {
    let (directory, store, node) = opened().await;
    for _ in 0..2 {
        let refused = Store::open(directory.path()).await.unwrap_err();
        assert!(matches!(refused, Error::InUse { .. }));
        let place = directory.path().display();
        assert_eq!(
            refused.to_string(),
            format!(
                "another facture uses the data directory {place}: stop it first, or use another directory"
            )
        );
    }
    // The first one goes on.
    let page = [invoice(1, String::new(), Status::Unpaid)];
    store.apply(&node, &page, &at(0)).await.unwrap();
    // It is closed for its clones too.
    let clone = store.clone();
    store.close().await;
    assert!(matches!(clone.bind(&node).await, Err(Error::Closed)));
    let names: Vec<_> = std::fs::read_dir(directory.path())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("facture.db"))
        .collect();
    assert_eq!(names, ["facture.db"], "it is one whole file");
    let store = Store::open(directory.path()).await.unwrap();
    assert_eq!(store.node().await.unwrap(), Some(node));
}

#[tokio::test]
async fn what_older_versions_kept_beside_the_database_is_removed() {
    let directory = tempfile::tempdir().unwrap();
    let obsolete = ["facture.db.lock", "facture.db.writer"].map(|name| directory.path().join(name));
    for file in &obsolete {
        std::fs::write(file, "").unwrap();
    }
    Store::open(directory.path()).await.unwrap().close().await;
    assert!(!obsolete.iter().any(|file| file.exists()));
}

/// What the queues have is what they would have if they were made anew from the deliveries.
fn assert_queues(store: &Store, after: &str) {
    let wrong = "WITH there AS ( \
             SELECT shop, receiver, min(next_attempt_at) AS due FROM deliveries \
             WHERE state = 'pending' GROUP BY shop, receiver) \
         SELECT count(*) FROM there \
         FULL JOIN (SELECT * FROM queues WHERE due_at IS NOT NULL) AS queue \
             ON (queue.shop, queue.receiver) = (there.shop, there.receiver) \
         LEFT JOIN deliveries AS first ON first.place = queue.place \
         WHERE due IS NULL OR due_at IS NOT max(due, attempted_at) OR first.state <> 'pending' \
             OR (first.shop, first.receiver) <> (queue.shop, queue.receiver) OR first.next_attempt_at <> due";
    let wrong: i64 = store
        .lookup(|connection| {
            Ok(connection
                .prepare_cached(wrong)?
                .query_row([], |row| row.get(0))?)
        })
        .unwrap();
    assert_eq!(wrong, 0, "{after}");
}

#[tokio::test]
async fn queues_are_kept_by_whatever_changes_deliveries() {
    let (_directory, store, node) = opened().await;
    let hook = |url: &str| Hook {
        url: HookUrl::parse(url).unwrap(),
        format: HookFormat::Standard,
        token: Some("shop".to_owned()),
    };
    let new = |url: &str| NewEndpoint {
        hook: Hook {
            token: None,
            ..hook(url)
        },
        kinds: Kinds::All,
    };
    let one = store.create_endpoint(new("https://one.example/")).await;
    let one = one.unwrap().id;
    let two = store.create_endpoint(new("https://two.example/")).await;
    let two = two.unwrap().id;
    let made = invoice(1, String::new(), Status::Unpaid);
    store
        .create(
            node.clone(),
            made.clone().into(),
            vec![hook("https://one.example/own")],
        )
        .await
        .unwrap();
    assert_queues(&store, "an event");
    assert_eq!(store.waiting_of_token("shop", 10).await.unwrap(), 1);
    let Queued::Due(test) = store.test_delivery(&one).await.unwrap() else {
        panic!("it is enabled");
    };
    assert_queues(&store, "a test");
    let later = Timestamp::from_millisecond(4_102_444_800_123).unwrap();
    for disposition in [Disposition::Retry(later), Disposition::Delivered] {
        let attempted = AttemptRecord {
            place: test.place,
            target: None,
            attempt: Attempt {
                started_at: Timestamp::now(),
                duration: std::time::Duration::ZERO,
                outcome: Outcome::Answered(204),
                excerpt: String::new(),
            },
            disposition,
        };
        store.record(&[attempted]).await.unwrap();
        assert_queues(&store, "an attempt");
    }
    let change = |url: Option<&str>, state| EndpointChange {
        url: url.map(|url| HookUrl::parse(url).unwrap()),
        kinds: None,
        state,
    };
    let moved = change(Some("https://two.example/too"), None);
    store.change_endpoint(&one, moved).await.unwrap();
    assert_queues(&store, "another address");
    store.redeliver(&test.id, None).await.unwrap();
    assert_queues(&store, "once more, elsewhere");
    store.redeliver_after(&one, 0, None).await.unwrap();
    assert_queues(&store, "all once more");
    let disabled = change(None, Some(EndpointState::Disabled(Disabled::ByOwner)));
    store.change_endpoint(&one, disabled).await.unwrap();
    assert_queues(&store, "dropped");
    store.delete_endpoint(&two).await.unwrap();
    assert_queues(&store, "deleted");
    assert_eq!(store.backlog().await.unwrap().waiting, 1);
}

/// What an index costs: a commit writes each page that it changed.
#[tokio::test]
async fn a_creation_changes_few_pages() {
    let (directory, store, node) = opened().await;
    let mut hash = 1_u128;
    let mut next = |number: u64| {
        hash = hash.wrapping_mul(0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645) + 1;
        Invoice {
            label: Label::stored(format!("facture_{hash:032x}")),
            payment_hash: format!("{hash:064x}").parse().unwrap(),
            ..invoice(number, "tea".to_owned(), Status::Unpaid)
        }
    };
    let page: Vec<Invoice> = (1..=2000).map(&mut next).collect();
    store.apply(&node, &page, &at(0)).await.unwrap();
    store.close().await;
    let store = Store::open(directory.path()).await.unwrap();
    store.bind(&node).await.unwrap();
    let log = directory.path().join("facture.db-wal");
    let pages = || std::fs::metadata(&log).unwrap().len() / 4096;
    let before = pages();
    for number in 2001..=2050 {
        let made = next(number).into();
        store.create(node.clone(), made, Vec::new()).await.unwrap();
    }
    let each = (pages() - before) / 50;
    // The row, its four indexes and the two of unpaid ones, the event and its index; and what is split.
    assert!(each <= 11, "{each} pages");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever the node and the shop say is read as it was written.
    #[test]
    fn any_text_and_number_is_read_as_it_was_written(
        texts in vec((any::<String>(), any::<String>(), any::<Option<u32>>()), 1..8),
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let (_directory, store, node) = opened().await;
            let mut page: Vec<Invoice> = texts.into_iter().zip(1..).map(|((description, text, msat), number)| {
                let mut invoice = invoice(number, description, paid(u64::MAX >> 1));
                invoice.amount = msat.and_then(|msat| Msat::from_msat(msat.into())).map_or(Amount::Any, Amount::Exact);
                invoice.order.metadata = Some(Metadata::stored(serde_json::to_string(&text).unwrap()));
                invoice.order.warnings = vec![Warning { code: text.clone(), message: text }];
                invoice
            }).collect();
            store.apply(&node, &page, &at(0)).await.unwrap();
            // From the disk, not from memory.
            let read = store.lookup(|connection| {
                    let sql = format!("{SELECT_INVOICES} ORDER BY created_index");
                    all(connection, &sql, [], InvoiceRow::from_row, InvoiceRow::read)
                });
                let read: Vec<Invoice> = read.unwrap();
                for (number, (invoice, read)) in (1..).zip(page.iter_mut().zip(&read)) {
                    invoice.receipt = read.receipt;
                    assert_eq!(read.receipt.map(|receipt| receipt.number), Some(number));
                }
                assert_eq!(read, page);
            let events = store.events(0, &[EventKind::Paid], 100).await.unwrap();
            let told: Vec<Invoice> = events.into_iter().map(|event| event.payload.invoice().unwrap().clone()).collect();
            assert_eq!(told, page);
        });
    }
}

#[tokio::test]
async fn invoices_that_are_created_at_once_share_commits_and_wait_for_none_that_does_not_come() {
    const CREATED: u64 = 16;
    let (directory, store, node) = opened().await;
    store.bind(&node).await.unwrap();
    let log = directory.path().join("facture.db-wal");
    // The last page of a commit says how large the database is then: format of SQLite's log.
    let commits = || {
        let log = std::fs::read(&log).unwrap();
        let pages = log[32..].chunks_exact(24 + 4096);
        let ends = pages.filter(|page| page[4..8] != [0; 4]).count();
        u64::try_from(ends).unwrap()
    };
    let before = commits();
    // Many wait for the node, and it does not answer most of them.
    let announced: Vec<_> = (0..1000).map(|_| store.announce()).collect();
    let created = (1..=CREATED).map(|number| {
        let made = Invoice {
            payment_hash: format!("{number:064x}").parse().unwrap(),
            ..invoice(number, String::new(), Status::Unpaid)
        };
        store.create(node.clone(), made.into(), Vec::new())
    });
    for created in join_all(created).await {
        created.unwrap();
    }
    assert!(commits() - before < CREATED);
    drop(announced);
    store.close().await;
}
