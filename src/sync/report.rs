//! What came of comparing the store with the node.

use std::fmt;

use serde::{Deserialize, Serialize};

use facture_store::Merged;

/// What came of going through the node's invoices. As JSON it is what the control socket answers.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many invoices the node listed.
    pub seen: u64,
    /// How many of them are other programs'.
    pub strangers: u64,
    /// How many of ours the mirror lacked.
    pub adopted: u64,
    /// How many of ours that the mirror had were in another state there.
    pub changed: u64,
    /// How many of ours the node has no more although they were never paid.
    pub cancelled: u64,
}

impl Report {
    /// Whether anything was different.
    pub fn is_news(&self) -> bool {
        self.adopted + self.changed + self.cancelled > 0
    }

    /// Counts what came of a unit of work.
    pub(super) fn add(&mut self, merged: Merged) {
        self.adopted += merged.adopted;
        self.changed += merged.changed;
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            seen,
            strangers,
            adopted,
            changed,
            cancelled,
        } = self;
        write!(
            f,
            "{seen} invoices on the node, {strangers} of them not ours; {adopted} adopted, {changed} changed, \
             {cancelled} cancelled"
        )
    }
}
