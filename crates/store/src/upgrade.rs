//! The way up from every older schema, and that there is none back. The records of each are in `tests/fixtures/schemas`,
//! with rows in every table that it had.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::Connection;

use crate::{
    Store,
    error::Error,
    keys::Reserved,
    queues::{Audience, Lane, ReceiverHealth},
    tests::{at, invoice},
};
use facture_domain::listing::Filter;
use facture_domain::{
    Channel, EventKind, Label, NodeId, Status, StoredCursor, hook::DeliveryState,
    payout::PayoutState,
};

/// The schemas of released and unreleased versions before this one; 22 differs from 23 in the cursor's columns only. Until 9
/// sqlx kept count of them.
const OLDER: [u32; 18] = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 20, 21, 23, 25, 26, 27,
];

fn label(digit: char) -> Label {
    Label::stored(format!("facture_{}", digit.to_string().repeat(32)))
}

fn restore(directory: &Path, schema: u32) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/schemas");
    let dump = std::fs::read_to_string(fixtures.join(format!("{schema:04}.sql"))).unwrap();
    let file = directory.join("facture.db");
    let database = Connection::open(&file).unwrap();
    database
        .pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))
        .unwrap();
    database.execute_batch(&dump).unwrap();
    drop(database);
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(directory, std::fs::Permissions::from_mode(0o700)).unwrap();
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[tokio::test]
async fn records_of_every_older_schema_are_taken_over_with_nothing_lost() {
    for schema in OLDER {
        let directory = tempfile::tempdir().unwrap();
        restore(directory.path(), schema);
        // Twice: the second time there is nothing left to do.
        for _ in 0..2 {
            let store = Store::open(directory.path()).await.unwrap();
            everything_is_there(&store, schema).await;
            store.close().await;
        }
        let store = Store::open(directory.path()).await.unwrap();
        continues(&store, schema).await;
        store.close().await;
    }
}

async fn everything_is_there(store: &Store, schema: u32) {
    let node = NodeId::new(format!("02{}", "ab".repeat(32)));
    assert_eq!(store.node().await.unwrap(), Some(node.clone()));
    let cursor = StoredCursor::new("17 3".to_owned());
    assert_eq!(store.bind(&node).await.unwrap(), Some(cursor));
    let listed = store.list(&Filter::default(), None, 10).await.unwrap();
    assert_eq!(listed.invoices.len(), 3);
    let [one, two, three] = ['1', '2', '3'].map(label);
    let find = async |label: &Label| store.find(label).await.unwrap().unwrap();
    let (one, two, three) = (find(&one).await, find(&two).await, find(&three).await);
    assert_eq!(one.description, "coffee \"1\" ☕");
    assert_eq!(
        (one.bolt11().unwrap().as_str(), &one.status),
        ("lnbcrt1", &Status::Unpaid)
    );
    let Status::Paid(settlement) = &two.status else {
        panic!("{schema}: {:?}", two.status);
    };
    assert_eq!(
        (settlement.amount_received.msat(), settlement.pay_index),
        (42_000, 1)
    );
    assert_eq!(three.status, Status::Expired);
    if schema >= 2 {
        let quote = two.order.quote.as_ref().unwrap();
        assert_eq!((&*quote.currency, &*quote.amount), ("EUR", "9.90"));
        assert_eq!(two.order.order_id.as_ref().unwrap().as_str(), "order 7");
        assert_eq!(
            two.order.metadata.as_ref().unwrap().as_str(),
            "{\"a\":1.50}"
        );
        assert!(two.order.redirect_url.is_some());
        assert_eq!(three.order.renewal_of, Some(label('9')));
        assert!(three.cancelled_at.is_some());
        assert_eq!(
            store.reserved("shop", "key 1").await.unwrap(),
            Some(label('2'))
        );
        let request = facture_domain::idempotency::IdempotentRequest {
            scope: "shop".to_owned(),
            key: "key 1".to_owned(),
            fingerprint: vec![1, 2],
            retention: facture_domain::idempotency::KeyRetention::Forever,
        };
        let reserved = store.reserve(request, label('8'), None).await.unwrap();
        assert_eq!(reserved.0, Reserved::For(label('2')));
    }
    if schema >= 5 {
        assert_eq!(two.order.warnings[0].code, "warning_capacity");
    }
    let events = store.events(0, &EventKind::ALL, 10).await.unwrap();
    let numbers: Vec<u64> = events.iter().map(|event| event.sequence).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
    assert_eq!(events[3].kind, EventKind::Paid);
    assert_eq!(events[3].payload.invoice(), Some(&*two));
    let of_one = store.events_of(&three.label, 0).await.unwrap();
    assert_eq!(of_one.len(), 2);
    if schema >= 3 {
        the_webhooks_are_there(store, schema).await;
    }
    if schema >= 4 {
        let token = &store.tokens().await.unwrap()[0];
        assert_eq!(
            (&*token.grant.name, token.hash.as_bytes()),
            ("the shop", &[7; 32])
        );
    }
    if schema >= 6 {
        assert!(store.is_charge_deleted(&three.label).await.unwrap());
    }
    if schema >= 7 {
        assert_eq!(store.charge_labels().await.unwrap().len(), 1);
    }
    if schema >= 10 {
        assert!(store.history().await.unwrap().is_some());
        assert!(three.payment_proven_at.is_some());
    }
    if schema >= 11 {
        assert_eq!(one.renewed_by, Some(label('3')));
        assert!(three.order.first_expired_at.is_some());
    }
    if schema >= 12 {
        assert_eq!(store.waiting_of_token("shop", 10).await.unwrap(), 0);
        let of_one = store.endpoints_of(&one.label).await.unwrap();
        assert_eq!(of_one[0].hook.token.as_deref(), Some("shop"));
    }
    if schema >= 20 {
        assert_eq!(one.order.channel, Some(Channel::Api));
    }
    if schema >= 21 {
        what_was_forgotten_stays_so(store, &node).await;
    }
    if schema >= 26 {
        assert_eq!(store.last_hold_counter().await.unwrap(), 3);
    }
    if schema >= 27 {
        let page = store.payouts(None, None, 10).await.unwrap();
        let states: Vec<_> = page.payouts.iter().map(|payout| payout.state()).collect();
        assert_eq!(states, [PayoutState::Ordered, PayoutState::Paid]);
        let refunds = store.refunds(&two.label, 10).await.unwrap().unwrap();
        assert_eq!(refunds.totals.left().msat(), 41_000);
    }
}

async fn the_webhooks_are_there(store: &Store, schema: u32) {
    let endpoints = store.endpoints().await.unwrap();
    assert_eq!(endpoints.len(), 1);
    assert!(endpoints[0].kinds.contain(EventKind::Paid));
    assert!(!endpoints[0].kinds.contain(EventKind::Created));
    assert_eq!(store.endpoints_of(&label('1')).await.unwrap().len(), 1);
    let deliveries = store.deliveries(&endpoints[0].id, None, 10).await.unwrap();
    let (delivery, attempts) = store.delivery(&deliveries[0].id).await.unwrap().unwrap();
    assert_eq!(
        (delivery.place, delivery.sequence, attempts.len()),
        (5, Some(4), 1)
    );
    assert!(matches!(delivery.state, DeliveryState::Pending(_)));
    let outgoing = store.outgoing(5, Timestamp::now()).await.unwrap().unwrap();
    assert_eq!(outgoing.event.unwrap().sequence, 4);
    assert!(outgoing.secrets.previous.is_some());
    // What waited has its queue: it is the shop's own, and may be due later.
    let lane = Lane {
        audience: Audience::Shop,
        health: match schema >= 12 {
            true => ReceiverHealth::Failing,
            false => ReceiverHealth::New,
        },
    };
    let later = Timestamp::MAX;
    let due = store.due(lane, later, 10, 10).await.unwrap();
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].place, 5);
}

async fn what_was_forgotten_stays_so(store: &Store, node: &NodeId) {
    let mut forgotten = invoice(1001, String::new(), Status::Expired);
    forgotten.expires_at = Timestamp::from_second(1_795_000_000).unwrap();
    let page = std::slice::from_ref(&forgotten);
    let cursor = store.bind(node).await.unwrap();
    let merged = store.apply(node, page, &cursor.unwrap()).await.unwrap();
    assert_eq!(merged.adopted, 0);
}

/// New events come after the old ones, with a delivery each.
async fn continues(store: &Store, schema: u32) {
    let node = store.node().await.unwrap().unwrap();
    let invoice = store.find(&label('1')).await.unwrap().unwrap();
    let two = store.find(&label('2')).await.unwrap().unwrap();
    let paid = facture_domain::Invoice {
        status: two.status.clone(),
        ..(*invoice).clone()
    };
    let page = std::slice::from_ref(&paid);
    let merged = store.apply(&node, page, &at(18)).await.unwrap();
    assert_eq!(merged.changed, 1, "{schema}");
    let events = store.events(5, &EventKind::ALL, 10).await.unwrap();
    assert_eq!(events.len(), 1);
    let told = events[0].payload.invoice().unwrap();
    // Payments from before have no receipt numbers: this is the first one.
    assert_eq!(told.receipt.map(|receipt| receipt.number), Some(1));
    assert_eq!(two.receipt, None);
    let expected = facture_domain::Invoice {
        receipt: told.receipt,
        ..paid
    };
    assert_eq!(*told, expected);
    if schema >= 3 {
        assert_eq!(store.backlog().await.unwrap().waiting, 2);
    }
}

#[tokio::test]
async fn records_of_a_newer_schema_are_refused_in_plain_words_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    Store::open(directory.path()).await.unwrap().close().await;
    let file = directory.path().join("facture.db");
    let database = Connection::open(&file).unwrap();
    database
        .execute_batch("INSERT INTO schema_migrations VALUES (9999, '9999_later', 1)")
        .unwrap();
    drop(database);
    let before = std::fs::read(&file).unwrap();
    let refused = Store::open(directory.path()).await.unwrap_err();
    let Error::Open { source, .. } = refused else {
        panic!("{refused}");
    };
    let said = source.to_string();
    assert!(
        said.starts_with(
            "these records were written by a newer facture (schema 9999); this one knows "
        ),
        "{said}"
    );
    assert_eq!(std::fs::read(&file).unwrap(), before);
}
