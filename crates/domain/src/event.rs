//! The event log's entries.

use jiff::Timestamp;

use crate::{invoice::Invoice, label::Label, status::EventKind};

/// Something that happened, as the event log has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its place in the log, from 1, rising, with gaps. It is never given again.
    pub sequence: u64,
    /// What happened.
    pub kind: EventKind,
    /// When we learned of it.
    pub recorded_at: Timestamp,
    /// What it happened to, as that was right after.
    pub payload: Payload,
}

/// What an event happened to, as it was right after. Payments, payouts and offers will be others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// An invoice.
    Invoice(Invoice),
}

/// What an event is about, by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An invoice.
    Invoice(Label),
}

impl Payload {
    /// What the event is about.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Invoice(invoice) => Subject::Invoice(invoice.label.clone()),
        }
    }

    /// The invoice; `None` when it is about something else.
    pub fn invoice(&self) -> Option<&Invoice> {
        match self {
            Self::Invoice(invoice) => Some(invoice),
        }
    }
}

impl Subject {
    const INVOICE: &str = "invoice";

    /// The name in the log of what it is: `invoice`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Invoice(_) => Self::INVOICE,
        }
    }

    /// Which one it is: an invoice's label.
    pub fn id(&self) -> &str {
        match self {
            Self::Invoice(label) => label.as_str(),
        }
    }

    /// Of the log, which holds what was once a subject; `None` when nothing is called so.
    pub fn stored(kind: &str, id: String) -> Option<Self> {
        match kind {
            Self::INVOICE => Some(Self::Invoice(Label::stored(id))),
            _ => None,
        }
    }
}
