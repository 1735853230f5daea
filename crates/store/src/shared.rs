//! What all units of work of a database share: what this process knows of it, and whom it wakes.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

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
    pub(super) terms: Terms,
}

/// Which connection it is that writes, counted. What a server of PostgreSQL has may be older after the connection was lost than before:
/// it was put back, or another one took its place. So whoever follows the node must begin where the records are.
#[derive(Debug, Default)]
pub(super) struct Terms {
    now: AtomicU64,
    /// The one in which it was last read how far the node is.
    read: AtomicU64,
}

impl Terms {
    pub(super) fn now(&self) -> u64 {
        self.now.load(Ordering::Acquire)
    }

    /// How far the node is was read in this one.
    pub(super) fn read_in(&self, term: u64) {
        self.read.store(term, Ordering::Release);
    }

    /// Whether that was in the present one.
    pub(super) fn is_read(&self) -> bool {
        self.read.load(Ordering::Acquire) == self.now()
    }
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
            terms: Terms::default(),
        })
    }

    /// Others may have written since: what this process knew is read again, and all who wait for something look.
    pub(super) fn open_again(&self, connection: &Connection) -> Result<(), Error> {
        self.terms.now.fetch_add(1, Ordering::AcqRel);
        self.cache.clear();
        self.numbers.begin_anew();
        self.receipts.open_again(connection)?;
        self.hub.wake_all(sequence::last(connection)?);
        Ok(())
    }
}
