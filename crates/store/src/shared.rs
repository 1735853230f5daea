//! What all units of work of a database share: what this process knows of it, and whom it wakes.

use std::sync::Arc;

use crate::{
    cache::InvoiceCache,
    cursor::BoundNode,
    error::Error,
    hub::EventHub,
    ownership::Ownership,
    receipts::ReceiptNumbers,
    sequence::{self, EventNumbers},
    sql::Connection,
};

/// The state that all units of work of a database share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) cache: InvoiceCache,
    pub(super) bound: BoundNode,
    pub(super) hub: EventHub,
    pub(super) numbers: EventNumbers,
    pub(super) receipts: ReceiptNumbers,
}

impl Shared {
    /// Before any unit of work: what belongs to this connection.
    pub(super) fn open(connection: &Connection, ownership: Arc<Ownership>) -> Result<Self, Error> {
        Ok(Self {
            cache: InvoiceCache::new(ownership),
            bound: BoundNode::default(),
            hub: EventHub::default(),
            numbers: EventNumbers::default(),
            receipts: ReceiptNumbers::open(connection)?,
        })
    }

    /// Others may have written since: what this process knew is read again, and all who wait for something look.
    pub(super) fn open_again(&self, connection: &Connection) -> Result<(), Error> {
        self.cache.clear();
        self.numbers.begin_anew();
        self.receipts.open_again(connection)?;
        self.hub.wake_all(sequence::last(connection)?);
        Ok(())
    }
}
