//! How far the follower is, for all who watch it.

use std::collections::HashSet;

use jiff::Timestamp;

use facture_domain::Label;
use facture_node::Position;

/// How far it is.
#[derive(Clone, Debug)]
pub struct Progress {
    /// How we stand with the node.
    pub link: Link,
    /// All of the node's changes up to here are in the store.
    pub applied: Position,
    /// When it was last certain that the store had everything.
    pub confirmed_at: Option<Timestamp>,
    /// Whether the store is known to have every invoice of ours that the node has.
    pub mirror: Mirror,
    /// Invoices of which the node said something that cannot be read: how they stand now is not known.
    pub unclear: HashSet<Label>,
}

/// How we stand with the node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// Not there yet since the start.
    Connecting,
    /// Up to date, and waiting for news.
    Following,
    /// Lost; it is tried again and again.
    Disconnected(String),
}

/// What the store is known to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mirror {
    /// Invoices may be on the node that the store lacks.
    Unknown,
    /// All that were made until the start, and all since.
    Complete,
}
