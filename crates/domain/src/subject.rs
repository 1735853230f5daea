//! What events are about.

use crate::{label::Label, payout::PayoutId};

/// What an event is about, by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An invoice.
    Invoice(Label),
    /// A payout.
    Payout(PayoutId),
}

impl Subject {
    const INVOICE: &str = "invoice";
    const PAYOUT: &str = "payout";

    /// The name in the log of what it is: `invoice` or `payout`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Invoice(_) => Self::INVOICE,
            Self::Payout(_) => Self::PAYOUT,
        }
    }

    /// Which one it is: an invoice's label, a payout's id.
    pub fn id(&self) -> &str {
        match self {
            Self::Invoice(label) => label.as_str(),
            Self::Payout(id) => id.as_str(),
        }
    }

    /// Of the log, which holds what was once a subject; `None` when nothing is called so.
    pub fn stored(kind: &str, id: String) -> Option<Self> {
        match kind {
            Self::INVOICE => Some(Self::Invoice(Label::stored(id))),
            Self::PAYOUT => PayoutId::parse(&id).map(Self::Payout),
            _ => None,
        }
    }
}
