//! What is looked after now and then: invoices that vanished from the node, and old expired ones that may go.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Error, Follower};
use crate::{invoice::NodeId, lightning::Error as NodeError};

/// lightningd expires an invoice within a second. One that is still unpaid so long after its time is worth a question.
const OVERDUE: Duration = Duration::from_secs(30);

/// At most so many at a time, so that news is not kept waiting.
const LIMIT: u32 = 100;

impl Follower {
    pub(super) async fn look_after(&self, node: &NodeId) -> Result<(), Error> {
        let cancelled = self.settle_overdue(node).await?;
        if cancelled > 0 {
            tracing::warn!(
                cancelled,
                "the node has unpaid invoices of ours no more: another program deleted them"
            );
        }
        self.prune(node).await
    }

    /// Looks up unpaid invoices whose time is over. Returns how many the node has no more.
    pub(super) async fn settle_overdue(&self, node: &NodeId) -> Result<u64, Error> {
        let mut cancelled = 0;
        for label in self.store.unpaid_since(ago(OVERDUE), LIMIT).await? {
            if self.node.invoice_by_label(&label).await?.is_some() {
                continue;
            }
            if let Some(event) = self.store.cancel(node, &label).await? {
                self.hub.publish(&[event]);
                cancelled += 1;
            }
        }
        Ok(cancelled)
    }

    /// Deletes expired invoices from the node, never paid ones: lightningd checks the state as it deletes.
    async fn prune(&self, node: &NodeId) -> Result<(), Error> {
        let Some(age) = self.prune_after else {
            return Ok(());
        };
        for label in self.store.expired_before(ago(age), LIMIT).await? {
            match self.node.delete_expired(&label).await {
                // Refused: it is not there any more, or it was paid after all, which the next update tells.
                Ok(()) | Err(NodeError::Rejected { .. }) => self.store.pruned(node, &label).await?,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

fn ago(age: Duration) -> Timestamp {
    let age = SignedDuration::try_from(age).unwrap_or(SignedDuration::MAX);
    Timestamp::now().checked_sub(age).unwrap_or(Timestamp::MIN)
}
