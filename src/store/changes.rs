//! What a unit of work makes of invoices: worked out in memory, then written by one statement, however many invoices it
//! is about (`migrations/0009_cursor.sql`). Each statement costs a change of threads, and each commit waits for the disk.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use jiff::Timestamp;
use serde::Serialize;
use sqlx::SqliteConnection;
use tokio::sync::Notify;

use super::{
    Cursor, Error, Merged,
    cursor::move_cursor,
    recent::{Changing, Recent},
    rows::{InvoiceRow, json, to_sql},
};
use crate::{
    invoice::{EventKind, Invoice, Label, Order, Status},
    metrics,
};

/// Invoices as they were, and what becomes of them. The default is that there are none of these yet. Nothing is written if
/// one that is to begin is there, or one that was remembered is not as it was.
#[derive(Default)]
pub(super) struct Changes {
    remembered: HashMap<Label, Arc<Invoice>>,
    now: HashMap<Label, Arc<Invoice>>,
    /// Those that changed by no event.
    changed: HashSet<Label>,
    events: Vec<(EventKind, Arc<Invoice>)>,
    cursor: Option<Cursor>,
}

/// What was written, in a unit of work that is to be committed.
#[must_use]
pub(super) struct Written {
    invoices: Vec<Arc<Invoice>>,
    events: Vec<EventKind>,
    /// Whether there may be deliveries to be sent.
    told: bool,
}

/// An invoice as it is written down, and what happened to it, if this is an event.
#[derive(Serialize)]
struct Change {
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<InvoiceRow>,
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

    /// Begins with what is remembered; `None` unless that is all of these.
    pub(super) fn remembered<'a>(
        recent: &Recent,
        labels: impl IntoIterator<Item = &'a Label>,
    ) -> Option<Self> {
        let found = labels.into_iter().map(|label| {
            let invoice = recent.get(label)?;
            Some((label.clone(), invoice))
        });
        let now: HashMap<_, _> = found.collect::<Option<_>>()?;
        Some(Self {
            remembered: now.clone(),
            now,
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

    /// Another was made in the place of this one, if it is known and that is news.
    pub(super) fn renew(&mut self, old: &Label, new: &Label) {
        if let Some(known) = self.now.get(old)
            && known.renewed_by.is_none()
        {
            let now = Invoice {
                renewed_by: Some(new.clone()),
                ..Invoice::clone(known)
            };
            self.save_as(EventKind::Renewed, now);
        }
    }

    /// Writes an invoice down, and that this happened to it.
    pub(super) fn save_as(&mut self, kind: EventKind, invoice: Invoice) {
        let invoice = Arc::new(invoice);
        self.changed.remove(&invoice.label);
        self.now.insert(invoice.label.clone(), Arc::clone(&invoice));
        self.events.push((kind, invoice));
    }

    /// Writes an invoice down, which is no event.
    pub(super) fn save(&mut self, invoice: Invoice) {
        self.changed.insert(invoice.label.clone());
        self.now.insert(invoice.label.clone(), Arc::new(invoice));
    }

    /// So far the node's updates are applied then.
    pub(super) fn reach(&mut self, cursor: Cursor) {
        self.cursor = Some(cursor);
    }

    /// Writes it all, and a delivery to everyone that is to be told. The events get their numbers in the order of what
    /// happened.
    ///
    /// # Errors
    /// [`Error::Changed`] when one is not as it was thought to be; then nothing is written.
    pub(super) async fn write(mut self, work: &mut SqliteConnection) -> Result<Written, Error> {
        let happened = self
            .events
            .iter()
            .map(|(kind, invoice)| (Some(kind.as_str()), invoice));
        let changed = self.changed.iter().filter_map(|label| self.now.get(label));
        let changes: Vec<Change> = happened
            .chain(changed.map(|invoice| (None, invoice)))
            .map(|(kind, invoice)| {
                // Once for each: what comes after that is ours.
                let was = self.remembered.remove(&invoice.label);
                let was = was.map(|was| InvoiceRow::of(&was)).transpose()?;
                let invoice = InvoiceRow::of(invoice)?;
                Ok(Change { kind, was, invoice })
            })
            .collect::<Result<_, Error>>()?;
        let told: Vec<bool> = match (changes.is_empty(), self.cursor) {
            (false, cursor) => save(work, &changes, cursor).await?,
            (true, Some(cursor)) => {
                move_cursor(work, cursor).await?;
                Vec::new()
            }
            (true, None) => Vec::new(),
        };
        Ok(Written {
            events: self.events.into_iter().map(|(kind, _)| kind).collect(),
            invoices: self.now.into_values().collect(),
            told: told.contains(&true),
        })
    }
}

impl Written {
    /// It is committed: whoever reads may know it, and whoever sends may have something to send.
    pub(super) fn done(self, changing: Changing<'_>, queue: &Notify) {
        changing.done(&self.invoices);
        if self.told {
            queue.notify_one();
        }
        for kind in self.events {
            metrics::invoice_event(kind.as_str());
        }
    }
}

/// SQLite's code for what a trigger refuses (`SQLITE_CONSTRAINT_TRIGGER`).
const REFUSED: &str = "1811";

/// Whether there may be anyone to tell, for each.
async fn save(
    work: &mut SqliteConnection,
    changes: &[Change],
    cursor: Option<Cursor>,
) -> Result<Vec<bool>, Error> {
    let index = |index: fn(Cursor) -> u64| cursor.map(|cursor| to_sql(index(cursor))).transpose();
    let told = sqlx::query_scalar(
        "INSERT INTO changes (kind, was, recorded_at, invoice, updated_index, created_index, told) \
         SELECT value->>'kind', value->'was', $2, value->'invoice', $3, $4, value->>'kind' IS NOT NULL AND \
         (EXISTS (SELECT 1 FROM endpoints WHERE label IS NULL AND state = 'enabled') \
         OR EXISTS (SELECT 1 FROM endpoints WHERE label = value->'invoice'->>'label' AND state = 'enabled')) \
         FROM json_each($1) ORDER BY key RETURNING told",
    )
    .bind(json(changes)?)
    .bind(Timestamp::now().as_second())
    .bind(index(|cursor| cursor.updated)?)
    .bind(index(|cursor| cursor.created)?);
    // All of them: what goes wrong at the commit is told after the last one.
    told.fetch_all(work).await.map_err(|error| {
        let code = error.as_database_error().and_then(|error| error.code());
        match code.is_some_and(|code| code == REFUSED) {
            true => Error::Changed,
            false => error.into(),
        }
    })
}

#[cfg(test)]
pub(super) mod tests {
    use std::slice;

    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::{
        invoice::{Amount, Bolt11, Metadata, Msat, NodeId, Settlement, Warning},
        store::{Cursor, Store},
    };

    pub(in crate::store) fn invoice(number: u64, description: String, status: Status) -> Invoice {
        let at = Timestamp::from_second(1_795_195_153).unwrap();
        let never = Timestamp::from_second(4_102_444_800).unwrap();
        Invoice {
            label: Label::stored(format!("facture_{number:032x}")),
            amount: Amount::Any,
            description,
            bolt11: Bolt11::stored("lnbcrt1".to_owned()),
            payment_hash: "0f".repeat(32).parse().unwrap(),
            created_index: number,
            created_at: at,
            expires_at: never,
            status,
            cancelled_at: None,
            renewed_by: None,
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

    pub(in crate::store) async fn opened() -> (tempfile::TempDir, Store, NodeId) {
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
                EventKind::Cancelled | EventKind::Renewed => {
                    unreachable!("nothing was cancelled or renewed")
                }
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

    #[tokio::test]
    async fn what_was_thought_to_be_new_changes_nothing_when_it_is_not() {
        let (_directory, store, node) = opened().await;
        let known = invoice(1, String::new(), paid(1));
        let page = slice::from_ref(&known);
        store.apply(&node, page, Cursor::default()).await.unwrap();
        let mut changes = Changes::default();
        changes.merge(&invoice(2, String::new(), Status::Unpaid));
        changes.merge(&invoice(1, String::new(), Status::Unpaid));
        let mut writer = store.writer.acquire().await.unwrap();
        let written = changes.write(&mut writer).await;
        assert!(matches!(written, Err(Error::Changed)));
        let events = store.events(0, &EventKind::ALL, 100).await.unwrap();
        assert!(events.iter().all(|event| event.invoice.created_index == 1));
        assert_eq!(events.len(), 2);
        assert_eq!(*store.find(&known.label).await.unwrap().unwrap(), known);
    }

    /// What another process did is looked at again, were it the order only.
    #[tokio::test]
    async fn what_is_remembered_is_compared_with_what_is_there() {
        let (directory, store, node) = opened().await;
        let other = Store::open(directory.path()).await.unwrap();
        let at = |updated| Cursor {
            updated,
            created: 3,
        };
        let [first, second, third] =
            [1, 2, 3].map(|number| invoice(number, String::new(), Status::Unpaid));
        let page = [first.clone(), second.clone(), third.clone()];
        store.apply(&node, &page, at(1)).await.unwrap();
        // It knows by now whose these are, and remembers them.
        let again = store.apply(&node, &page, at(2)).await.unwrap();
        assert_eq!(again, Merged::default());
        for invoice in &page {
            assert!(store.recent.get(&invoice.label).is_some());
        }
        let is_paid = |number, invoice: Invoice| Invoice {
            status: paid(number),
            ..invoice
        };
        let page = [is_paid(1, first), is_paid(2, second), is_paid(3, third)];
        let theirs = slice::from_ref(&page[0]);
        other.apply(&node, theirs, at(3)).await.unwrap();
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
            let merged = store.apply(&node, reported, at(index)).await.unwrap();
            changed.push(merged.changed);
        }
        assert_eq!(changed, [0, 1, 1]);
        let events = store.events(0, &[EventKind::Paid], 100).await.unwrap();
        let told: Vec<_> = events.into_iter().map(|event| event.invoice).collect();
        assert_eq!(told, ordered);
        assert_eq!(store.bind(&node).await.unwrap(), at(6));
        for invoice in &ordered {
            assert_eq!(
                *store.find(&invoice.label).await.unwrap().unwrap(),
                *invoice
            );
        }
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
