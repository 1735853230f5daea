//! The unit of work: every write goes through one. It owns the transaction (which `writer.rs` begins and commits), the
//! events with their rows in the outbox (deliveries) and their queues, and what follows a commit: the cache and the commit
//! signal. So no caller can forget one of them. What a node reports is written by a [`NodeUnit`], which exists only for the
//! node that the database belongs to.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
};

use jiff::Timestamp;

use crate::{
    cursor,
    error::Error,
    hub::Committed,
    outbox::{self, LoggedEvent},
    payout_rows::PayoutRow,
    rows::{INSERT_INVOICE, InvoiceRow, SELECT_INVOICE, UPDATE_INVOICE, json, to_sql},
    shared::Shared,
    sql::{self, Connection, OptionalExtension, Params, Statement, Statements},
};
use facture_domain::{
    EventKind, Invoice, Label, NodeId, Status, StoredCursor, Subject,
    hook::{DeliveryId, Endpoint},
    payout::Payout,
};
use facture_runtime::metrics;

/// One unit of work: done as a whole or not at all.
pub(super) struct UnitOfWork<'w> {
    connection: &'w Connection,
    shared: &'w Shared,
    now: Timestamp,
    effects: Effects,
}

/// A unit of work that writes what a node reports: the node that the database belongs to. There is no other way to write
/// an invoice or the cursor.
pub(super) struct NodeUnit<'u, 'w> {
    unit: &'u mut UnitOfWork<'w>,
    node: &'u NodeId,
}

/// What follows the commit.
#[derive(Default)]
pub(super) struct Effects {
    /// The invoices written. Of several versions of one, the last one counts.
    invoices: Vec<Arc<Invoice>>,
    removed: Vec<Label>,
    /// The invoices whose listeners are to be woken.
    touched: Vec<Label>,
    events: Vec<EventKind>,
    sequence: Option<u64>,
    has_deliveries: bool,
    has_notices: bool,
    node: Option<NodeId>,
}

impl<'w> UnitOfWork<'w> {
    /// Begins within the open transaction of this connection.
    pub(super) fn new(connection: &'w Connection, shared: &'w Shared) -> Self {
        Self {
            connection,
            shared,
            now: Timestamp::now(),
            effects: Effects::default(),
        }
    }

    /// Ends it: what is to be done after the commit.
    pub(super) fn into_effects(self) -> Effects {
        self.effects
    }

    /// Which connection it writes on.
    pub(super) fn term(&self) -> u64 {
        self.shared.terms.now()
    }

    /// When it began.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// A prepared statement, which is cached.
    pub(super) fn prepare(&self, sql: &str) -> Result<Statement<'w>, Error> {
        Ok(self.connection.prepare_cached(sql)?)
    }

    /// Runs a statement. Returns how many rows it changed.
    pub(super) fn execute(&self, sql: &str, parameters: impl Params) -> Result<usize, Error> {
        Ok(self.prepare(sql)?.execute(parameters)?)
    }

    /// For writing what this node reports. Binds the database to it, if it is not bound yet.
    ///
    /// # Errors
    /// [`Error::OtherNode`] when it is bound to another.
    pub(super) fn of_node<'u>(&'u mut self, node: &'u NodeId) -> Result<NodeUnit<'u, 'w>, Error> {
        if !self.shared.bound.is(node) {
            if cursor::known(self, node)?.is_none() {
                cursor::bind(self, node)?;
            }
            self.effects.node = Some(node.clone());
        }
        Ok(NodeUnit { unit: self, node })
    }

    /// The current state of an invoice.
    pub(super) fn invoice(&self, label: &Label) -> Result<Option<Arc<Invoice>>, Error> {
        Ok(find(self.connection, label)?.map(Arc::new))
    }

    /// Writes how much of an invoice was paid back, which no node knows.
    pub(super) fn set_refunded(&mut self, invoice: Invoice, msat: i64) -> Result<(), Error> {
        self.execute(
            "UPDATE invoices SET refunded_msat = ?1 WHERE label = ?2",
            (msat, invoice.label.as_str()),
        )?;
        self.effects.invoices.push(Arc::new(invoice));
        Ok(())
    }

    /// Writes what the payment of an invoice was worth, which no node knows.
    pub(super) fn set_valuation(&mut self, invoice: Arc<Invoice>) -> Result<(), Error> {
        let row = InvoiceRow::of(&invoice)?;
        self.execute(UPDATE_INVOICE, row.to_update().as_ref())?;
        drop(row);
        self.effects.invoices.push(invoice);
        Ok(())
    }

    /// Writes what a shop says about an order in place of what it said before, which no node knows.
    pub(super) fn set_metadata(&mut self, invoice: Arc<Invoice>) -> Result<(), Error> {
        let row = InvoiceRow::of(&invoice)?;
        self.execute(
            "UPDATE invoices SET metadata = ?1, order_id = ?2 WHERE label = ?3",
            (&row.metadata, &row.order_id, &row.label),
        )?;
        drop(row);
        self.effects.invoices.push(invoice);
        Ok(())
    }

    /// Deletes an invoice. Its events must be gone.
    pub(super) fn remove(&mut self, label: &Label) -> Result<(), Error> {
        self.execute("DELETE FROM invoices WHERE label = ?1", [label.as_str()])?;
        self.execute("DELETE FROM notes WHERE label = ?1", [label.as_str()])?;
        self.effects.removed.push(label.clone());
        self.touch(label);
        Ok(())
    }

    /// Wakes the listeners of this invoice after the commit: they read the event log.
    pub(super) fn touch(&mut self, label: &Label) {
        self.effects.touched.push(label.clone());
    }

    /// Deliveries are due.
    pub(super) fn deliveries_due(&mut self) {
        self.effects.has_deliveries = true;
    }

    /// Notices were written.
    pub(super) fn notices_written(&mut self) {
        self.effects.has_notices = true;
    }

    /// Makes a delivery of an event that is due now; one that was there before is due once more, under its id.
    pub(super) fn deliver(
        &mut self,
        endpoint: &Endpoint,
        event: &LoggedEvent<'_>,
    ) -> Result<(), Error> {
        self.deliveries_due();
        outbox::add(self.connection, self.now, endpoint, event)
    }

    /// A delivery is due once more, under its id.
    pub(super) fn deliver_again(&mut self, place: u64, endpoint: &Endpoint) -> Result<(), Error> {
        self.deliveries_due();
        outbox::requeue(self.connection, to_sql(place)?, endpoint)
    }

    /// Makes a test delivery.
    pub(super) fn deliver_test(&mut self, endpoint: &Endpoint) -> Result<DeliveryId, Error> {
        self.deliveries_due();
        outbox::add_test(self.connection, self.now, endpoint)
    }

    /// Records what a payout has become, in the state that it has right after.
    pub(super) fn record_payout(&mut self, payout: &Payout) -> Result<(), Error> {
        let payload = json(&PayoutRow::of(payout)?)?;
        let kind = EventKind::Payout(payout.state());
        self.log(kind, &Subject::Payout(payout.id.clone()), None, &payload)
    }

    /// Writes an event into the log, and a delivery of it for each endpoint that it is for. Numbers rise in the order of
    /// what happened.
    fn log(
        &mut self,
        kind: EventKind,
        subject: &Subject,
        invoice_number: Option<i64>,
        payload: &str,
    ) -> Result<(), Error> {
        let sequence = self.shared.numbers.next(self.connection)?;
        self.execute(
            "INSERT INTO events (sequence, kind, subject_kind, subject, invoice_number, recorded_at, payload) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (
                sequence,
                kind.as_str(),
                subject.kind(),
                subject.id(),
                invoice_number,
                self.now.as_second(),
                payload,
            ),
        )?;
        let event = LoggedEvent {
            sequence,
            kind,
            subject,
        };
        self.effects.has_deliveries |= outbox::fill(self.connection, self.now, &event)?;
        self.effects.events.push(kind);
        self.effects.sequence = u64::try_from(sequence).ok();
        Ok(())
    }
}

impl Statements for UnitOfWork<'_> {
    fn prepare_cached(&self, sql: &str) -> sql::Result<Statement<'_>> {
        self.connection.prepare_cached(sql)
    }
}

impl NodeUnit<'_, '_> {
    /// The node.
    pub(super) fn node(&self) -> &NodeId {
        self.node
    }

    /// Sets how far the node's updates are applied.
    ///
    /// # Errors
    /// [`Error::Reconnected`].
    pub(super) fn move_cursor(&mut self, to: &StoredCursor) -> Result<(), Error> {
        if !self.shared.terms.is_read() {
            return Err(Error::Reconnected);
        }
        cursor::move_cursor(self, to)
    }

    /// Updates an invoice and records an event about it. A payment gets the number of its receipt.
    pub(super) fn change(&mut self, kind: EventKind, mut invoice: Invoice) -> Result<(), Error> {
        if let Status::Paid(settlement) = &invoice.status
            && kind == EventKind::Paid
            && invoice.receipt.is_none()
        {
            let shop = invoice.order.shop.clone().unwrap_or_default();
            let number = self
                .shared
                .receipts
                .next(&**self, &shop, settlement.paid_at)?;
            invoice.receipt = Some(number);
        }
        let invoice = Arc::new(invoice);
        self.update(&invoice)?;
        self.touch(&invoice.label);
        self.record(kind, &invoice)
    }

    /// Inserts an invoice, without an event. Returns whether it was new.
    pub(super) fn insert(&mut self, invoice: &Arc<Invoice>) -> Result<bool, Error> {
        let row = InvoiceRow::of(invoice)?;
        let inserted = self.execute(INSERT_INVOICE, row.to_insert().as_ref())? > 0;
        if inserted {
            self.unit.effects.invoices.push(Arc::clone(invoice));
        }
        Ok(inserted)
    }

    /// Updates an invoice, without an event.
    pub(super) fn update(&mut self, invoice: &Arc<Invoice>) -> Result<(), Error> {
        let row = InvoiceRow::of(invoice)?;
        self.execute(UPDATE_INVOICE, row.to_update().as_ref())?;
        self.unit.effects.invoices.push(Arc::clone(invoice));
        Ok(())
    }

    /// Records an event about an invoice, with the state that it has right after the event.
    pub(super) fn record(&mut self, kind: EventKind, invoice: &Invoice) -> Result<(), Error> {
        let payload = json(&InvoiceRow::of(invoice)?)?;
        let number = to_sql(invoice.number)?;
        self.unit.log(
            kind,
            &Subject::Invoice(invoice.label.clone()),
            Some(number),
            &payload,
        )
    }
}

impl<'w> Deref for NodeUnit<'_, 'w> {
    type Target = UnitOfWork<'w>;

    fn deref(&self) -> &Self::Target {
        self.unit
    }
}

impl DerefMut for NodeUnit<'_, '_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.unit
    }
}

impl Statements for NodeUnit<'_, '_> {
    fn prepare_cached(&self, sql: &str) -> sql::Result<Statement<'_>> {
        self.unit.prepare_cached(sql)
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
        self.has_notices |= next.has_notices;
        self.node = next.node.or(self.node.take());
    }

    /// After the commit: puts what was written into the cache and wakes the listeners.
    pub(super) fn committed(self, shared: &Shared) {
        shared.cache.committed(&self.invoices, &self.removed);
        if let Some(node) = self.node {
            shared.bound.set(node);
        }
        if self.sequence.is_some() {
            shared.numbers.committed();
        }
        let committed = Committed {
            sequence: self.sequence,
            has_deliveries: self.has_deliveries,
            has_notices: self.has_notices,
        };
        shared.hub.committed(committed, &self.touched);
        for kind in self.events {
            match kind {
                EventKind::Payout(_) => metrics::payout_event(kind.as_str()),
                kind => metrics::invoice_event(kind.as_str()),
            }
        }
    }

    /// After a failed commit: invalidates the cache.
    pub(super) fn failed(self, shared: &Shared) {
        let labels = self.invoices.iter().map(|invoice| &invoice.label);
        shared.cache.invalidate(labels.chain(&self.removed));
    }
}

/// Reads an invoice from the database.
pub(super) fn find(database: &impl Statements, label: &Label) -> Result<Option<Invoice>, Error> {
    let row = database
        .prepare_cached(SELECT_INVOICE)?
        .query_row([label.as_str()], InvoiceRow::from_row)
        .optional()?;
    row.map(InvoiceRow::read).transpose()
}
