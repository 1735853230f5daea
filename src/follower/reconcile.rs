//! Going through what the node made: invoices of ours that the mirror lacks are adopted. They are there when we crashed
//! between the node's answer and our row, or when the database was lost.

use std::fmt;

use super::{Error, Follower, ownership, pages};
use crate::{
    invoice::NodeId,
    store::{Cursor, Merged},
};

/// What came of going through the node's invoices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

impl Follower {
    /// Goes through all of the node's invoices, not only the newest, and looks after all that are overdue.
    pub(super) async fn go_through(
        &self,
        node: &NodeId,
        cursor: Cursor,
        report: &mut Report,
    ) -> Result<Cursor, Error> {
        let from_the_first = Cursor {
            created: 0,
            ..cursor
        };
        let cursor = self.walk_created(node, from_the_first, report).await?;
        self.warn_of_adopted(report);
        loop {
            let settled = self.settle_overdue(node).await?;
            report.changed += settled.changed;
            report.cancelled += settled.cancelled;
            if !settled.is_news() {
                return Ok(cursor);
            }
        }
    }

    /// Walks the `created` index after the cursor, page by page.
    ///
    /// Updates come from the other index, which has them in the order they happened: an invoice whose last update is
    /// still to come from there is left to it.
    pub(super) async fn walk_created(
        &self,
        node: &NodeId,
        mut cursor: Cursor,
        report: &mut Report,
    ) -> Result<Cursor, Error> {
        loop {
            let page = pages::created(&self.node, cursor.created + 1).await?;
            // News is not kept waiting by a long walk.
            let now = self.node.updated_index().await?;
            if now > cursor.updated {
                cursor = self.catch_up(node, cursor, now, report).await?;
            }
            report.seen += count(page.listed.len());
            let mut own = self.own(&page.listed).await?;
            report.strangers += count(page.listed.len() - own.len());
            own.retain(|(_, listed)| {
                listed
                    .updated_index()
                    .is_none_or(|index| index <= cursor.updated)
            });
            cursor.created = match page.rest {
                pages::Rest::More { next } => next - 1,
                pages::Rest::None { last } => last.unwrap_or(cursor.created),
            };
            let ours = ownership::read(&own);
            let merged = self.store.apply(node, &ours, cursor).await?;
            // What is no news here was told when it was made, or by the other index.
            if merged != Merged::default() {
                self.hub.wake(ours.iter().map(|invoice| &invoice.label));
            }
            report.add(merged);
            if let pages::Rest::None { .. } = page.rest {
                return Ok(cursor);
            }
        }
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
