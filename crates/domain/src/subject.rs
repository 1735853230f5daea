//! What events are about.

use crate::label::Label;

/// What an event is about, by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An invoice.
    Invoice(Label),
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
