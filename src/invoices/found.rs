//! An invoice that was looked up, and how current that is.

use std::sync::Arc;

use jiff::Timestamp;

use facture_domain::Invoice;

/// An invoice, and how current that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The invoice.
    pub invoice: Arc<Invoice>,
    /// Whether the node could be reached.
    pub freshness: Freshness,
}

/// How current an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// It has everything that the node knew when it was asked for.
    Current,
    /// The node could not be reached; this is the state at that time.
    AsOf(Timestamp),
}

impl Found {
    /// An invoice that will not change any more.
    pub(super) fn if_final(invoice: Arc<Invoice>) -> Option<Self> {
        invoice.status.is_final().then_some(Self {
            invoice,
            freshness: Freshness::Current,
        })
    }
}
