//! What is looked after now and then: invoices that vanished from the node, and old expired ones that may go.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Error, Follower, Report};
use crate::{
    invoice::NodeId,
    lightning::{Autoclean, State},
};

/// lightningd expires an invoice within a second. One that is still unpaid so long after its time is worth a question.
const OVERDUE: Duration = Duration::from_secs(30);

/// At most so many at a time, so that news is not kept waiting.
const LIMIT: u32 = 100;

impl Follower {
    /// What fails here must not stop the news: it is said and tried again later.
    pub(super) async fn look_after(&self, node: &NodeId) {
        match self.settle_overdue(node).await {
            Ok(settled) if settled.is_news() => tracing::warn!(
                changed = settled.changed,
                gone = settled.cancelled,
                "invoices were overdue; those that are gone were deleted by another program, and whether they were \
                 paid is not known"
            ),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "overdue invoices could not be looked up"),
        }
        if let Err(error) = self.prune(node).await {
            tracing::warn!(%error, "expired invoices could not be pruned");
        }
    }

    /// Says so when the node is set to delete what we must not miss.
    pub(super) async fn warn_of_autoclean(&self) {
        match self.node.deletes_paid_invoices().await {
            Ok(Autoclean::Paid) => tracing::warn!(
                "lightningd's autoclean deletes paid invoices (autoclean-paidinvoices-age): one that is paid while \
                 facture is down can vanish before it is seen"
            ),
            // The plugin may be absent.
            Ok(Autoclean::NotPaid) | Err(_) => {}
        }
    }

    /// Looks up unpaid invoices whose time is over, and takes in what the node says of them.
    pub(super) async fn settle_overdue(&self, node: &NodeId) -> Result<Report, Error> {
        let mut settled = Report::default();
        for label in self.store.unpaid_since(ago(OVERDUE), LIMIT).await? {
            match self.node.invoice_by_label(&label).await? {
                Some(invoice) => settled.add(
                    self.store
                        .create(node.clone(), invoice.into(), Vec::new())
                        .await?,
                ),
                None => settled.cancelled += u64::from(self.store.cancel(node, &label).await?),
            }
        }
        Ok(settled)
    }

    /// Deletes expired invoices from the node, never paid ones: lightningd checks the state as it deletes.
    async fn prune(&self, node: &NodeId) -> Result<(), Error> {
        let Some(age) = self.prune_after else {
            return Ok(());
        };
        for label in self.store.expired_before(ago(age), LIMIT).await? {
            // Gone already, or paid after all: the next update tells.
            self.node.delete(&label, State::Expired).await?;
            self.store.pruned(node, &label).await?;
        }
        Ok(())
    }
}

pub(super) fn ago(age: Duration) -> Timestamp {
    let age = SignedDuration::try_from(age).unwrap_or(SignedDuration::MAX);
    Timestamp::now().checked_sub(age).unwrap_or(Timestamp::MIN)
}
