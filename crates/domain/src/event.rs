//! The event log's entries.

use jiff::Timestamp;

use crate::{invoice::Invoice, status::EventKind};

/// Something that happened to an invoice, as the event log has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceEvent {
    /// Its place in the log, from 1, rising, with gaps.
    pub sequence: u64,
    /// What happened.
    pub kind: EventKind,
    /// When we learned of it.
    pub recorded_at: Timestamp,
    /// The invoice as it was right after.
    pub invoice: Invoice,
}
