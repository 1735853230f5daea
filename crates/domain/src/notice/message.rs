//! Single notices, on their way.

use super::condition::{Condition, Turn};
use crate::invoice::Invoice;

/// A notice that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingNotice {
    /// Its number; later ones are higher.
    pub number: u64,
    /// What it says.
    pub content: NoticeContent,
}

/// What a notice says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeContent {
    /// This invoice was paid.
    Sale(Box<Invoice>),
    /// The webhook endpoint at this host and port was disabled.
    EndpointGone(String),
    /// A condition began or is over.
    Condition(Turn, Condition),
}
