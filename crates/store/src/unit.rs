//! The unit of work: whatever writes goes through one. It has the transaction, makes the events with their rows in the
//! outbox (deliveries), and keeps account of what is to be done once it is committed: the cache, the wake-ups and the
//! commit signal. So nobody who writes can forget one of them.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Params};
use tokio::sync::{Notify, watch};

use super::{
    cache::InvoiceCache,
    cursor::{self, BoundNode},
    forgetting, outbox,
    rows::{INSERT_INVOICE, InvoiceRow, SELECT_INVOICE, UPDATE_INVOICE, json},
    sequence::EventNumbers,
};
use crate::hub::EventHub;
use crate::{error::Error, invoices::Merged};
use facture_domain::{EventKind, Invoice, Label, NodeId, Order, Status, StoredCursor};
use facture_runtime::metrics;

/// What all units of work of a database have in common.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) cache: InvoiceCache,
    pub(super) bound: BoundNode,
    pub(super) hub: EventHub,
    pub(super) deliveries: Arc<Notify>,
    /// The number of the last event that was committed by this process; 0: none yet.
    pub(super) committed: watch::Sender<u64>,
    pub(super) numbers: EventNumbers,
}

/// One unit of work: done as a whole or not at all.
pub(super) struct UnitOfWork<'w> {
    connection: &'w Connection,
    shared: &'w Shared,
    now: Timestamp,
    effects: Effects,
}

/// What is to be done when it is committed.
#[derive(Default)]
pub(super) struct Effects {
    /// As they are then. Of the same one the last counts.
    invoices: Vec<Arc<Invoice>>,
    removed: Vec<Label>,
    /// Whose followers are to look.
    touched: Vec<Label>,
    events: Vec<EventKind>,
    sequence: Option<u64>,
    has_deliveries: bool,
    node: Option<NodeId>,
}

impl<'w> UnitOfWork<'w> {
    /// In a transaction that is open on this connection.
    pub(super) fn new(connection: &'w Connection, shared: &'w Shared) -> Self {
        Self {
            connection,
            shared,
            now: Timestamp::now(),
            effects: Effects::default(),
        }
    }

    /// What is to be done once it is committed.
    pub(super) fn into_effects(self) -> Effects {
        self.effects
    }

    /// When it began.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// The database inside this unit of work.
    pub(super) fn connection(&self) -> &'w Connection {
        self.connection
    }

    /// A statement, kept for the next time.
    pub(super) fn prepare(&self, sql: &str) -> Result<CachedStatement<'w>, Error> {
        Ok(self.connection.prepare_cached(sql)?)
    }

    /// Runs a statement: how many rows it changed.
    pub(super) fn execute(&self, sql: &str, parameters: impl Params) -> Result<usize, Error> {
        Ok(self.prepare(sql)?.execute(parameters)?)
    }

    /// Makes sure that it is about the right node, and binds the database to it if it is not bound yet.
    pub(super) fn check_node(&mut self, node: &NodeId) -> Result<(), Error> {
        if self.shared.bound.is(node) {
            return Ok(());
        }
        if cursor::known(self.connection, node)?.is_none() {
            cursor::bind(self.connection, node)?;
        }
        self.effects.node = Some(node.clone());
        Ok(())
    }

    /// So far the node's updates are applied then.
    pub(super) fn move_cursor(&mut self, to: &StoredCursor) -> Result<(), Error> {
        cursor::move_cursor(self.connection, to)
    }

    /// An invoice as it is by now.
    pub(super) fn invoice(&self, label: &Label) -> Result<Option<Arc<Invoice>>, Error> {
        Ok(find(self.connection, label)?.map(Arc::new))
    }

    /// Takes in an invoice that most probably is new.
    pub(super) fn add(&mut self, reported: &Arc<Invoice>) -> Result<Merged, Error> {
        self.touch(&reported.label);
        let begun = match reported.status {
            Status::Unpaid => Arc::clone(reported),
            Status::Paid(_) | Status::Expired => Arc::new(Invoice {
                status: Status::Unpaid,
                ..Invoice::clone(reported)
            }),
        };
        if self.insert(&begun)? {
            self.record(EventKind::Created, &begun)?;
            self.advance(&begun, &reported.status)?;
            return Ok(Merged {
                adopted: 1,
                changed: 0,
            });
        }
        let known = self
            .invoice(&reported.label)?
            .ok_or(Error::Damaged("invoice"))?;
        self.merge(known, reported)
    }

    /// Takes in an invoice as the node has it; most probably it is known. One that was forgotten is not, unless it is paid.
    pub(super) fn take_in(&mut self, reported: &Invoice) -> Result<Merged, Error> {
        match self.invoice(&reported.label)? {
            Some(known) => {
                self.touch(&reported.label);
                self.merge(known, reported)
            }
            None if forgetting::is_forgotten(self.connection, reported)? => Ok(Merged::default()),
            None => self.add(&Arc::new(reported.clone())),
        }
    }

    fn merge(&mut self, mut known: Arc<Invoice>, reported: &Invoice) -> Result<Merged, Error> {
        // Whoever was first may have had only what the node tells.
        let mut order = reported.order.clone();
        if order.warnings.is_empty() {
            // Of two that made it at the same time, one heard the node's warnings.
            order.warnings.clone_from(&known.order.warnings);
        }
        if reported.order != Order::default() && order != known.order {
            known = Arc::new(Invoice {
                order,
                ..Invoice::clone(&known)
            });
            self.update(&known)?;
        }
        let news = self.advance(&known, &reported.status)?;
        Ok(Merged {
            adopted: 0,
            changed: u64::from(news),
        })
    }

    /// Ties a renewal to the invoice that it replaces, with the event that this is.
    pub(super) fn link_renewal(&mut self, renewal: &Invoice) -> Result<(), Error> {
        let Some(old) = &renewal.order.renewal_of else {
            return Ok(());
        };
        match self.invoice(old)? {
            Some(known) if known.renewed_by.is_none() => {
                let renewed = Invoice {
                    renewed_by: Some(renewal.label.clone()),
                    ..Invoice::clone(&known)
                };
                self.change(EventKind::Renewed, renewed)
            }
            _ => Ok(()),
        }
    }

    /// Moves an invoice to what the node says, with the event that this is. Whether it is one.
    pub(super) fn advance(
        &mut self,
        known: &Arc<Invoice>,
        reported: &Status,
    ) -> Result<bool, Error> {
        let Some(kind) = known.status.event(reported) else {
            return Ok(false);
        };
        let now = Invoice {
            status: reported.clone(),
            cancelled_at: None,
            ..Invoice::clone(known)
        };
        self.change(kind, now)?;
        Ok(true)
    }

    /// Writes down how an invoice is by now, and what happened to it.
    pub(super) fn change(&mut self, kind: EventKind, invoice: Invoice) -> Result<(), Error> {
        let invoice = Arc::new(invoice);
        self.update(&invoice)?;
        self.touch(&invoice.label);
        self.record(kind, &invoice)
    }

    /// Writes a new invoice down, without an event. Whether it was new.
    pub(super) fn insert(&mut self, invoice: &Arc<Invoice>) -> Result<bool, Error> {
        let row = InvoiceRow::of(invoice)?;
        let inserted = self.execute(INSERT_INVOICE, row.to_insert().as_ref())? > 0;
        if inserted {
            self.effects.invoices.push(Arc::clone(invoice));
        }
        Ok(inserted)
    }

    /// Writes down how an invoice is by now, without an event.
    pub(super) fn update(&mut self, invoice: &Arc<Invoice>) -> Result<(), Error> {
        let row = InvoiceRow::of(invoice)?;
        self.execute(UPDATE_INVOICE, row.to_update().as_ref())?;
        self.effects.invoices.push(Arc::clone(invoice));
        Ok(())
    }

    /// Deletes an invoice. Its events must be gone.
    pub(super) fn remove(&mut self, label: &Label) -> Result<(), Error> {
        self.execute("DELETE FROM invoices WHERE label = ?1", [label.as_str()])?;
        self.effects.removed.push(label.clone());
        self.touch(label);
        Ok(())
    }

    /// Whoever follows this one looks into the log.
    pub(super) fn touch(&mut self, label: &Label) {
        self.effects.touched.push(label.clone());
    }

    /// Deliveries are due.
    pub(super) fn deliveries_due(&mut self) {
        self.effects.has_deliveries = true;
    }

    /// Writes an event into the log, and a delivery of it for each endpoint that is to be told. The events have their
    /// numbers in the order of what happened.
    fn record(&mut self, kind: EventKind, invoice: &Invoice) -> Result<(), Error> {
        let payload = json(&InvoiceRow::of(invoice)?)?;
        let sequence = self.shared.numbers.next(self.connection)?;
        self.execute(
            "INSERT INTO events (sequence, kind, subject_kind, subject, recorded_at, payload) \
             VALUES (?1, ?2, 'invoice', ?3, ?4, ?5)",
            (
                sequence,
                kind.as_str(),
                invoice.label.as_str(),
                self.now.as_second(),
                payload,
            ),
        )?;
        let sequence = self.connection.last_insert_rowid();
        outbox::fill(self, sequence, kind, &invoice.label)?;
        self.effects.events.push(kind);
        self.effects.sequence = u64::try_from(sequence).ok();
        Ok(())
    }
}

impl Effects {
    /// Adds those of the next unit of work in the same commit.
    pub(super) fn append(&mut self, mut next: Self) {
        self.invoices.append(&mut next.invoices);
        self.removed.append(&mut next.removed);
        self.touched.append(&mut next.touched);
        self.events.append(&mut next.events);
        self.sequence = next.sequence.or(self.sequence);
        self.has_deliveries |= next.has_deliveries;
        self.node = next.node.or(self.node.take());
    }

    /// It is committed: whoever reads may know it, whoever follows is to look, whoever sends may have something to send.
    pub(super) fn committed(self, shared: &Shared) {
        shared.cache.committed(&self.invoices, &self.removed);
        if let Some(node) = self.node {
            shared.bound.set(node);
        }
        if let Some(sequence) = self.sequence {
            shared.numbers.committed();
            shared.committed.send_replace(sequence);
        }
        shared.hub.wake(&self.touched);
        if self.has_deliveries {
            shared.deliveries.notify_one();
        }
        for kind in self.events {
            metrics::invoice_event(kind.as_str());
        }
    }

    /// The commit failed.
    pub(super) fn failed(self, shared: &Shared) {
        let labels = self.invoices.iter().map(|invoice| &invoice.label);
        shared.cache.invalidate(labels.chain(&self.removed));
    }
}

/// An invoice of the database.
pub(super) fn find(connection: &Connection, label: &Label) -> Result<Option<Invoice>, Error> {
    let row = connection
        .prepare_cached(SELECT_INVOICE)?
        .query_row([label.as_str()], InvoiceRow::from_row)
        .optional()?;
    row.map(InvoiceRow::read).transpose()
}
