//! The node's updates, page by page, into the store.

use jiff::Timestamp;

use super::{Error, Follower, Report, ownership, pages};
use crate::{
    invoice::NodeId,
    lightning::Listed,
    store::{Cursor, Merged},
};

/// So many of the last updates are read once more at the start of each session: repeats change nothing, and whatever a
/// node restored from a backup, or a fault of ours, made us pass over is caught up with.
const OVERLAP: u64 = 500;

impl Follower {
    /// Makes sure that node and store belong together, and applies what happened meanwhile.
    pub(super) async fn start(&self, report: &mut Report) -> Result<(NodeId, Cursor), Error> {
        let node = self.node.getinfo().await?.id;
        self.decide_ownership(&node).await?;
        let mut cursor = self.store.bind(&node).await?;
        let now = self.node.updated_index().await?;
        if now < cursor.updated {
            tracing::warn!(
                node = now,
                store = cursor.updated,
                "the node's updated index went backwards: it was restored from a backup. Reading everything again"
            );
            self.store.rewind(&node).await?;
            cursor = Cursor::default();
        }
        cursor.updated = cursor.updated.saturating_sub(OVERLAP);
        let cursor = self.catch_up(&node, cursor, now, report).await?;
        Ok((node, cursor))
    }

    /// Applies all updates after the cursor; the node's index is at least `target`.
    pub(super) async fn catch_up(
        &self,
        node: &NodeId,
        mut cursor: Cursor,
        target: u64,
        report: &mut Report,
    ) -> Result<Cursor, Error> {
        loop {
            let asked_at = Timestamp::now();
            let page = pages::updated(&self.node, cursor.updated + 1).await?;
            cursor.updated = match page.rest {
                pages::Rest::More { next } => next - 1,
                // An update at the end of the index is not listed when its invoice was deleted since.
                pages::Rest::None { last } => last.unwrap_or(0).max(target).max(cursor.updated),
            };
            report.add(self.take_in(node, &page.listed, cursor).await?);
            if let pages::Rest::None { .. } = page.rest {
                self.progress
                    .send_modify(|progress| progress.confirmed_at = Some(asked_at));
                return Ok(cursor);
            }
        }
    }

    /// Takes in invoices as the node shows them; the cursor is at the last of them.
    pub(super) async fn take_in(
        &self,
        node: &NodeId,
        listed: &[Listed],
        cursor: Cursor,
    ) -> Result<Merged, Error> {
        let ours = ownership::read(&self.own(listed).await?);
        let merged = self.store.apply(node, &ours, cursor).await?;
        // News or not: another request may have written what we find written.
        self.hub.wake(ours.iter().map(|invoice| &invoice.label));
        self.progress
            .send_modify(|progress| progress.applied = cursor.updated);
        Ok(merged)
    }
}
