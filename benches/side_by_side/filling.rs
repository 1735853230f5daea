//! Records of any size. Two invoices are made by the store; SQL copies them, which takes seconds for a million where units
//! of work would take minutes.

use std::path::Path;

use anyhow::Context;
use cln_rpc::model::responses::InvoiceResponse;
use facture_domain::{
    Bolt11, Invoice, InvoiceKind, Label, LabelPrefix, NodeId, Order, Settlement, Status,
    StoredCursor,
};
use facture_store::Store;
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use serde_json::json;

use crate::{node::Caller, process::Node};

/// Whose invoices they are.
pub(crate) fn node() -> NodeId {
    NodeId::new(format!("02{}", "ab".repeat(32)))
}

/// An unpaid invoice, as a node makes it.
pub(crate) async fn invoice() -> anyhow::Result<Invoice> {
    let node = Node::start()?;
    let mut caller = Caller::open(&node.rpc_file).await?;
    let label = LabelPrefix::default().random_label();
    let params = json!({ "amount_msat": 1_000_000, "label": label.as_str(), "description": "Two bags of tea" });
    let made: InvoiceResponse = serde_json::from_value(caller.call("invoice", params).await?)?;
    let decoded = Bolt11::decode(&made.bolt11)?;
    Ok(Invoice {
        label,
        amount: decoded.amount,
        description: "Two bags of tea".to_owned(),
        kind: InvoiceKind::Bolt11(decoded.bolt11),
        payment_hash: decoded.payment_hash,
        number: 1,
        created_at: decoded.created_at,
        expires_at: decoded.created_at + SignedDuration::from_hours(24),
        status: Status::Unpaid,
        cancelled_at: None,
        payment_proven_at: None,
        renewed_by: None,
        refunded: None,
        valuation: None,
        receipt: None,
        hold: None,
        order: Order::default(),
    })
}

/// The same, when it was paid.
pub(crate) fn paid(invoice: &Invoice, index: u64) -> anyhow::Result<Invoice> {
    let facture_domain::Amount::Exact(amount) = invoice.amount else {
        anyhow::bail!("an invoice for any amount");
    };
    Ok(Invoice {
        status: Status::Paid(Settlement {
            amount_received: amount,
            paid_at: Timestamp::from_second(Timestamp::now().as_second())?,
            pay_index: index,
        }),
        ..invoice.clone()
    })
}

/// Records of `count` invoices, every other one paid, with their events and keys.
pub(crate) async fn fill(directory: &Path, invoice: &Invoice, count: u32) -> anyhow::Result<()> {
    fill_of(&node(), directory, invoice, count).await
}

/// The same of this node.
pub(crate) async fn fill_of(
    node: &NodeId,
    directory: &Path,
    invoice: &Invoice,
    count: u32,
) -> anyhow::Result<()> {
    let store = Store::open(directory).await?;
    let other = Invoice {
        label: LabelPrefix::default().random_label(),
        number: 2,
        ..invoice.clone()
    };
    let both = [invoice.clone(), paid(&other, 1)?];
    store.apply(node, &both, &cursor(2)).await?;
    store.close().await;
    let database = Connection::open(directory.join("facture.db"))?;
    database.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000",
    )?;
    let columns = columns(&database, "invoices")?;
    let copied: Vec<&str> = columns
        .iter()
        .map(|column| match column.as_str() {
            "label" => "'facture_' || lower(hex(randomblob(16)))",
            "payment_hash" => "lower(hex(randomblob(32)))",
            "created_index" => "i",
            // The oldest was made long ago.
            "created_at" => "created_at - (n.most - i) / 10",
            "paid_at" => "paid_at - (n.most - i) / 10",
            "pay_index" => "CASE WHEN pay_index IS NULL THEN NULL ELSE i END",
            same => same,
        })
        .collect();
    let (into, from) = (columns.join(", "), copied.join(", "));
    let sql = format!(
        "WITH RECURSIVE n(i, most) AS (SELECT 3, {count} UNION ALL SELECT i + 1, most FROM n WHERE i < most) \
         INSERT INTO invoices ({into}) SELECT {from} FROM n CROSS JOIN invoices AS template \
         WHERE template.rowid = 1 + i % 2"
    );
    database.execute_batch(&sql)?;
    database.execute_batch(
        "WITH template AS MATERIALIZED (\
         SELECT events.kind, events.subject_kind, events.subject, events.payload, invoices.status \
         FROM events JOIN invoices ON invoices.label = events.subject) \
         INSERT INTO events (kind, subject_kind, subject, invoice_number, recorded_at, payload) \
         SELECT template.kind, template.subject_kind, copy.label, copy.created_index, copy.created_at, replace(template.payload, template.subject, copy.label) \
         FROM invoices AS copy CROSS JOIN template WHERE copy.rowid > 2 AND template.status = copy.status",
    )?;
    // Each was asked for with a key that is still remembered.
    database.execute_batch(
        "INSERT INTO idempotency_keys (scope, key, fingerprint, label, forget_at) \
         SELECT 'bench', lower(hex(randomblob(16))), randomblob(32), label, unixepoch() + 86400 FROM invoices",
    )?;
    Ok(())
}

fn columns(database: &Connection, table: &str) -> anyhow::Result<Vec<String>> {
    let mut names = database.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let names = names.query_map([table], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// The labels of so many invoices in records that were filled, taken from everywhere.
pub(crate) async fn labels(directory: &Path, count: u32) -> anyhow::Result<Vec<Label>> {
    let database = Connection::open(directory.join("facture.db"))?;
    let mut labels = database.prepare(
        "SELECT label FROM invoices WHERE created_index > 2 ORDER BY payment_hash LIMIT ?1",
    )?;
    let labels: Vec<String> = labels
        .query_map([count], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    labels
        .iter()
        .map(|label| {
            let ours = LabelPrefix::default().parse_label(label);
            ours.context("a label that is none of ours")
        })
        .collect()
}

/// After so many updates.
pub(crate) fn cursor(index: u64) -> StoredCursor {
    StoredCursor::new(format!("{index} {index}"))
}
