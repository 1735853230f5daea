//! What must be true of the records after whatever happened: they are the node's invoices of ours, and the event log
//! has everything once.

use std::{
    collections::{BTreeMap, HashSet},
    path::Path,
    sync::Arc,
};

use cln_rpc::ClnRpc;
use facture_domain::{Bolt11, Event, EventKind, Invoice, Label, LabelPrefix, Order, Status};
use facture_store::Store;
use serde_json::{Value, json};

/// How much was compared.
#[derive(Debug)]
pub(crate) struct Compared {
    pub(crate) invoices: usize,
    pub(crate) paid: usize,
    pub(crate) expired: usize,
    /// Those of the expired ones that the node has no more.
    pub(crate) gone: usize,
    pub(crate) strangers: usize,
}

/// Compares the records in `data_dir`, which no program has open, with the node. `shown` are the labels that somebody
/// was shown.
pub(crate) async fn check<'a>(
    rpc_file: &Path,
    data_dir: &Path,
    shown: impl IntoIterator<Item = &'a str>,
) -> Compared {
    let prefix = LabelPrefix::default();
    let listed = listed(rpc_file).await;
    let (ours, strangers): (Vec<_>, Vec<_>) = listed.iter().partition(|listed| {
        let label = text(listed, "label");
        prefix.parse_label(label).is_some()
    });
    let store = Store::open(data_dir).await.expect("the records");
    let log = store
        .events(0, &EventKind::ALL, u32::MAX)
        .await
        .expect("the log");
    let mut mirror = BTreeMap::new();
    for listed in &ours {
        let label = prefix.parse_label(text(listed, "label")).expect("ours");
        let found = store.find(&label).await.expect("readable");
        let invoice = found.unwrap_or_else(|| panic!("the mirror lacks {listed}"));
        assert_same(listed, &invoice);
        mirror.insert(invoice.number, invoice);
    }
    // What was cancelled is on the node no more.
    let mut gone = 0;
    for event in log.iter().filter(|event| event.kind == EventKind::Created) {
        if !mirror.contains_key(&invoice_of(event).number) {
            let found = store
                .find(&invoice_of(event).label)
                .await
                .expect("readable");
            let invoice = found.expect("what was logged");
            assert_eq!(invoice.status, Status::Expired, "{invoice:?} is not there");
            mirror.insert(invoice.number, invoice);
            gone += 1;
        }
    }
    store.close().await;

    let known: HashSet<&str> = mirror.values().map(|mine| mine.label.as_str()).collect();
    for label in shown {
        assert!(known.contains(label), "{label} was shown and is gone");
    }
    assert_log(&log, &mirror);
    let count =
        |status: fn(&Status) -> bool| mirror.values().filter(|mine| status(&mine.status)).count();
    Compared {
        invoices: mirror.len(),
        paid: count(|status| matches!(status, Status::Paid(_))),
        expired: count(|status| *status == Status::Expired),
        gone,
        strangers: strangers.len(),
    }
}

/// All invoices of the node, as any client reads them.
pub(crate) async fn listed(rpc_file: &Path) -> Vec<Value> {
    let mut client = ClnRpc::new(rpc_file).await.expect("a connection");
    let answer: Value = client
        .call_raw("listinvoices", &json!({}))
        .await
        .expect("an answer");
    let invoices = answer["invoices"].as_array().expect("invoices");
    invoices.clone()
}

fn assert_same(listed: &Value, mine: &Invoice) {
    assert_eq!(listed["status"], mine.status.as_str(), "{listed}");
    let bolt11 = mine.bolt11().map(Bolt11::as_str);
    assert_eq!(listed["bolt11"].as_str(), bolt11, "{listed}");
    assert_eq!(listed["description"], mine.description, "{listed}");
    assert_eq!(listed["created_index"], mine.number, "{listed}");
    assert_eq!(
        listed["expires_at"],
        mine.expires_at.as_second(),
        "{listed}"
    );
    if let Status::Paid(settlement) = &mine.status {
        let received = settlement.amount_received.msat();
        assert_eq!(listed["amount_received_msat"], received, "{listed}");
        assert_eq!(listed["pay_index"], settlement.pay_index, "{listed}");
        let paid_at = settlement.paid_at.as_second();
        assert_eq!(listed["paid_at"], paid_at, "{listed}");
    }
}

/// The invoice that an event is about.
fn invoice_of(event: &Event) -> &Invoice {
    event.payload.invoice().expect("an invoice")
}

/// Each invoice was made once, first of all, and ended once, as it is now; payments are in their order.
fn assert_log(log: &[Event], mirror: &BTreeMap<u64, Arc<Invoice>>) {
    assert!(log.is_sorted_by(|one, next| one.sequence < next.sequence));
    let mut told: BTreeMap<u64, Vec<&Event>> = BTreeMap::new();
    let mut last_payment = 0;
    for event in log {
        if let Status::Paid(settlement) = &invoice_of(event).status {
            let pay_index = settlement.pay_index;
            assert!(last_payment < pay_index, "{pay_index} after {last_payment}");
            last_payment = pay_index;
        }
        told.entry(invoice_of(event).number)
            .or_default()
            .push(event);
    }
    let labels = |invoices: Vec<&Invoice>| -> Vec<Label> {
        invoices.iter().map(|mine| mine.label.clone()).collect()
    };
    let logged = told.values().map(|events| invoice_of(events[0])).collect();
    assert_eq!(
        labels(logged),
        labels(mirror.values().map(AsRef::as_ref).collect())
    );
    for (mine, events) in mirror.values().zip(told.values()) {
        let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
        let expected = match mine.status {
            Status::Unpaid => vec![EventKind::Created],
            Status::Accepted(_) => vec![EventKind::Created, EventKind::Accepted],
            Status::Paid(_) => vec![EventKind::Created, EventKind::Paid],
            Status::Expired if mine.cancelled_at.is_some() => {
                vec![EventKind::Created, EventKind::Cancelled]
            }
            Status::Expired => vec![EventKind::Created, EventKind::Expired],
        };
        assert_eq!(kinds, expected, "{:?}", mine.label);
        assert_eq!(invoice_of(events[0]).status, Status::Unpaid);
        let last = events.last().expect("at least one");
        let mut told = invoice_of(last).clone();
        if told.order == Order::default() {
            // The node told of it first; the shop's side came with a request that was repeated after a crash.
            told.order = mine.order.clone();
        }
        assert_eq!(told, **mine);
    }
}

fn text<'a>(listed: &'a Value, key: &str) -> &'a str {
    listed[key].as_str().expect("text")
}
