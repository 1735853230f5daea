//! What a unit of work makes of invoices: worked out in memory, then written by one statement a table, however many
//! invoices it is about. Each statement costs a change of threads, and each commit waits for the disk.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use jiff::Timestamp;
use serde::Serialize;
use sqlx::SqliteConnection;
use tokio::sync::Notify;

use super::{
    Error, Merged, deliveries,
    recent::Changing,
    rows::{InvoiceRow, from_sql, json, timestamp},
};
use crate::{
    invoice::{EventKind, Invoice, InvoiceEvent, Label, Order, Status},
    metrics,
};

/// Invoices as the unit of work found them, and what becomes of them.
#[derive(Default)]
pub(super) struct Changes {
    now: HashMap<Label, Arc<Invoice>>,
    changed: HashSet<Label>,
    events: Vec<(EventKind, Arc<Invoice>)>,
}

/// What was written, in a unit of work that is to be committed.
#[must_use]
pub(super) struct Written {
    invoices: Vec<Arc<Invoice>>,
    events: Vec<InvoiceEvent>,
    /// How many deliveries are to be sent.
    queued: usize,
}

/// An event as it is written down.
#[derive(Serialize)]
struct NewEvent<'a> {
    kind: &'static str,
    label: &'a str,
    invoice: InvoiceRow,
}

impl Changes {
    /// Begins with what the database has of these.
    pub(super) async fn of<'a>(
        work: &mut SqliteConnection,
        labels: impl IntoIterator<Item = &'a Label>,
    ) -> Result<Self, Error> {
        let labels: Vec<&str> = labels.into_iter().map(Label::as_str).collect();
        let rows: Vec<InvoiceRow> = sqlx::query_as(
            "SELECT * FROM invoices WHERE label IN (SELECT value FROM json_each($1))",
        )
        .bind(json(&labels)?)
        .fetch_all(work)
        .await?;
        let found = rows.into_iter().map(|row| {
            let invoice = row.read()?;
            Ok((invoice.label.clone(), Arc::new(invoice)))
        });
        Ok(Self {
            now: found.collect::<Result<_, Error>>()?,
            ..Self::default()
        })
    }

    /// An invoice as it is by now.
    pub(super) fn get(&self, label: &Label) -> Option<&Arc<Invoice>> {
        self.now.get(label)
    }

    /// One invoice as the node has it, and the events that this is.
    pub(super) fn merge(&mut self, reported: &Invoice) -> Merged {
        let mut merged = Merged::default();
        match self.now.get(&reported.label) {
            Some(known) => {
                // Whoever was first may have had only what the node tells.
                let mut order = reported.order.clone();
                if order.warnings.is_empty() {
                    // Of two that made it at the same time, one heard the node's warnings.
                    order.warnings.clone_from(&known.order.warnings);
                }
                if reported.order != Order::default() && order != known.order {
                    let known = Invoice::clone(known);
                    self.save(Invoice { order, ..known });
                }
                let news = self.advance(&reported.label, &reported.status);
                merged.changed += u64::from(news.is_some());
            }
            None => {
                self.save_as(
                    EventKind::Created,
                    Invoice {
                        status: Status::Unpaid,
                        ..reported.clone()
                    },
                );
                merged.adopted += 1;
                self.advance(&reported.label, &reported.status);
            }
        }
        merged
    }

    /// The move of a known invoice to what the node says, if it is one; `None` when it is no news.
    pub(super) fn advance(&mut self, label: &Label, reported: &Status) -> Option<EventKind> {
        let known = self.now.get(label)?;
        let kind = known.status.event(reported)?;
        let now = Invoice {
            status: reported.clone(),
            cancelled_at: None,
            ..Invoice::clone(known)
        };
        self.save_as(kind, now);
        Some(kind)
    }

    /// Writes an invoice down, and that this happened to it.
    pub(super) fn save_as(&mut self, kind: EventKind, invoice: Invoice) {
        let invoice = self.save(invoice);
        self.events.push((kind, invoice));
    }

    /// Writes an invoice down, which is no event.
    pub(super) fn save(&mut self, invoice: Invoice) -> Arc<Invoice> {
        let invoice = Arc::new(invoice);
        self.changed.insert(invoice.label.clone());
        self.now.insert(invoice.label.clone(), Arc::clone(&invoice));
        invoice
    }

    /// Writes it all, and a delivery to everyone that is to be told.
    pub(super) async fn write(self, work: &mut SqliteConnection) -> Result<Written, Error> {
        let changed = self.now.values();
        let changed = changed.filter(|invoice| self.changed.contains(&invoice.label));
        let rows: Vec<InvoiceRow> = changed
            .map(|invoice| InvoiceRow::of(invoice))
            .collect::<Result<_, Error>>()?;
        if !rows.is_empty() {
            save(work, &rows).await?;
        }
        let mut written = Written {
            invoices: self.now.into_values().collect(),
            events: Vec::new(),
            queued: 0,
        };
        if !self.events.is_empty() {
            written.events = append(work, &self.events).await?;
            written.queued = deliveries::enqueue(work, &written.events).await?;
        }
        Ok(written)
    }
}

impl Written {
    /// It is committed: whoever reads may know it, and whoever sends has something to send. Returns what happened.
    pub(super) fn done(self, changing: Changing<'_>, queue: &Notify) -> Vec<InvoiceEvent> {
        changing.done(&self.invoices);
        if self.queued > 0 {
            queue.notify_one();
        }
        for event in &self.events {
            metrics::invoice_event(event.kind.as_str());
        }
        self.events
    }
}

async fn save(work: &mut SqliteConnection, rows: &[InvoiceRow]) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO invoices (label, created_index, amount_msat, description, bolt11, payment_hash, created_at, \
         expires_at, status, amount_received_msat, paid_at, pay_index, cancelled_at, order_id, metadata, redirect_url, \
         quote_currency, quote_amount, renewal_of, warnings) \
         SELECT value->>'label', value->>'created_index', value->>'amount_msat', value->>'description', \
         value->>'bolt11', value->>'payment_hash', value->>'created_at', value->>'expires_at', value->>'status', \
         value->>'amount_received_msat', value->>'paid_at', value->>'pay_index', value->>'cancelled_at', \
         value->>'order_id', value->>'metadata', value->>'redirect_url', value->>'quote_currency', \
         value->>'quote_amount', value->>'renewal_of', value->>'warnings' FROM json_each($1) WHERE true \
         ON CONFLICT (label) DO UPDATE SET status = excluded.status, \
         amount_received_msat = excluded.amount_received_msat, paid_at = excluded.paid_at, \
         pay_index = excluded.pay_index, cancelled_at = excluded.cancelled_at, order_id = excluded.order_id, \
         metadata = excluded.metadata, redirect_url = excluded.redirect_url, \
         quote_currency = excluded.quote_currency, quote_amount = excluded.quote_amount, \
         warnings = excluded.warnings, renewal_of = excluded.renewal_of",
    )
    .bind(json(&rows)?)
    .execute(work)
    .await?;
    Ok(())
}

/// The events get their numbers in the order of what happened.
async fn append(
    work: &mut SqliteConnection,
    happened: &[(EventKind, Arc<Invoice>)],
) -> Result<Vec<InvoiceEvent>, Error> {
    // Whole seconds, so that what we hand out now is what is read later.
    let recorded_at = timestamp(Timestamp::now().as_second())?;
    let new: Vec<NewEvent<'_>> = happened
        .iter()
        .map(|(kind, invoice)| {
            Ok(NewEvent {
                kind: kind.as_str(),
                label: invoice.label.as_str(),
                invoice: InvoiceRow::of(invoice)?,
            })
        })
        .collect::<Result<_, Error>>()?;
    let mut sequences: Vec<i64> = sqlx::query_scalar(
        "INSERT INTO events (kind, label, recorded_at, invoice) \
         SELECT value->>'kind', value->>'label', $2, value->'invoice' FROM json_each($1) ORDER BY key \
         RETURNING sequence",
    )
    .bind(json(&new)?)
    .bind(recorded_at.as_second())
    .fetch_all(&mut *work)
    .await?;
    // SQLite promises no order of what it returns.
    sequences.sort_unstable();
    sequences
        .into_iter()
        .zip(happened)
        .map(|(sequence, (kind, invoice))| {
            Ok(InvoiceEvent {
                sequence: from_sql(sequence)?,
                kind: *kind,
                recorded_at,
                invoice: Invoice::clone(invoice),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::{
        invoice::{Amount, Bolt11, Metadata, Msat, NodeId, Settlement, Warning},
        store::{Cursor, Store},
    };

    fn invoice(number: u64, description: String, status: Status) -> Invoice {
        let at = Timestamp::from_second(1_795_195_153).unwrap();
        Invoice {
            label: Label::stored(format!("facture_{number:032x}")),
            amount: Amount::Any,
            description,
            bolt11: Bolt11::stored("lnbcrt1".to_owned()),
            payment_hash: "0f".repeat(32).parse().unwrap(),
            created_index: number,
            created_at: at,
            expires_at: at,
            status,
            cancelled_at: None,
            order: Order::default(),
        }
    }

    fn paid(pay_index: u64) -> Status {
        Status::Paid(Settlement {
            amount_received: Msat::from_msat(1_234).unwrap(),
            paid_at: Timestamp::from_second(1_795_195_160).unwrap(),
            pay_index,
        })
    }

    async fn opened() -> (tempfile::TempDir, Store, NodeId) {
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
        let merged = store.apply(&node, &page, Cursor::default()).await.unwrap();
        let (adopted, changed) = (3, 2);
        assert_eq!(merged, Merged { adopted, changed });
        let events = store.events(0, &EventKind::ALL, 100).await.unwrap();
        let told: Vec<_> = events
            .iter()
            .map(|event| (event.invoice.created_index, event.kind))
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
                Paid => paid(event.invoice.created_index),
                EventKind::Cancelled => unreachable!("nothing was cancelled"),
            };
            assert_eq!(event.invoice.status, status);
        }
        // What is no news changes nothing.
        let again = store.apply(&node, &page, Cursor::default()).await.unwrap();
        assert_eq!(again, Merged::default());
        assert_eq!(
            store.last_event().await.unwrap(),
            events.last().unwrap().sequence
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// Whatever the node and the shop say is read as it was written: `json_each` stands in between.
        #[test]
        fn any_text_and_number_is_read_as_it_was_written(
            texts in vec((any::<String>(), any::<String>(), any::<Option<u32>>()), 1..8),
        ) {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                let (_directory, store, node) = opened().await;
                let page: Vec<Invoice> = texts.into_iter().zip(1..).map(|((description, text, msat), number)| {
                    let mut invoice = invoice(number, description, paid(u64::MAX >> 1));
                    invoice.amount = msat.and_then(|msat| Msat::from_msat(msat.into())).map_or(Amount::Any, Amount::Exact);
                    invoice.order.metadata = Some(Metadata::stored(serde_json::to_string(&text).unwrap()));
                    invoice.order.warnings = vec![Warning { code: text.clone(), message: text }];
                    invoice
                }).collect();
                store.apply(&node, &page, Cursor::default()).await.unwrap();
                // From the disk, not from memory.
                let rows: Vec<InvoiceRow> = sqlx::query_as("SELECT * FROM invoices ORDER BY created_index")
                    .fetch_all(&store.readers).await.unwrap();
                let read: Vec<Invoice> = rows.into_iter().map(|row| row.read().unwrap()).collect();
                assert_eq!(read, page);
                let events = store.events(0, &[EventKind::Paid], 100).await.unwrap();
                let told: Vec<Invoice> = events.into_iter().map(|event| event.invoice).collect();
                assert_eq!(told, page);
            });
        }
    }
}
