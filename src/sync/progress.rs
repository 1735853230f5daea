//! How far the follower is, for all who watch it.

use std::collections::HashSet;

use jiff::Timestamp;

use facture_domain::Label;
use facture_node::Position;

/// The follower's progress.
#[derive(Clone, Debug)]
pub struct Progress {
    /// The state of the link to the node.
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

/// The state of the link to the node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// Not reached yet since the start.
    Connecting,
    /// Up to date, and waiting for news.
    Following,
    /// Lost; we keep retrying.
    Disconnected(String),
}

/// How complete the store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mirror {
    /// Invoices may be on the node that the store lacks.
    Unknown,
    /// All that were made until the start, and all since.
    Complete,
}
