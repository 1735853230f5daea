//! The event log's entries.

use jiff::Timestamp;

use crate::{invoice::Invoice, payout::Payout, status::EventKind, subject::Subject};

/// Something that happened, as the event log has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its place in the log, from 1, rising, with gaps. It is never given again.
    pub sequence: u64,
    /// The kind of event.
    pub kind: EventKind,
    /// When we learned of it.
    pub recorded_at: Timestamp,
    /// What it happened to, as that was right after.
    pub payload: Payload,
}

/// What an event happened to, as it was right after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// An invoice.
    Invoice(Box<Invoice>),
    /// A payout.
    Payout(Box<Payout>),
}

impl Payload {
    /// What the event is about.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Invoice(invoice) => Subject::Invoice(invoice.label.clone()),
            Self::Payout(payout) => Subject::Payout(payout.id.clone()),
        }
    }

    /// The invoice; `None` when it is about something else.
    pub fn invoice(&self) -> Option<&Invoice> {
        match self {
            Self::Invoice(invoice) => Some(invoice),
            Self::Payout(_) => None,
        }
    }
}
