//! What is looked after now and then: invoices that vanished from the node, and old expired ones that may go.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::sync::{error::Error, follower::Follower, holds::Listing, session::Session};
use facture_domain::StatusName;
use facture_node::{DeleteOutcome, Retention};

/// How often a pending wait is doubted, and the rest is looked after.
pub(super) const MAINTENANCE_INTERVAL: Duration = Duration::from_secs(20);

/// lightningd expires an invoice within a second. One that is still unpaid so long after its time is worth a question.
const OVERDUE_AFTER: Duration = Duration::from_secs(30);

/// At most so many at a time, so that news is not kept waiting.
const LIMIT: u32 = 100;

impl Follower {
    /// What fails here must not stop the news: it is said and tried again later.
    pub(super) async fn run_maintenance(&self, session: &mut Session) {
        let before = std::mem::take(&mut session.report);
        match self.settle_overdue(session).await {
            Ok(()) if session.report.is_news() => tracing::warn!(
                changed = session.report.changed,
                gone = session.report.cancelled,
                "invoices were overdue; those that are gone were deleted by another program, and whether they were \
                 paid is not known"
            ),
            Ok(()) => {}
            Err(error) => tracing::warn!(%error, "overdue invoices could not be looked up"),
        }
        session.report = before;
        if let Err(error) = self.retry_unreadable(session).await {
            tracing::warn!(%error, "invoices that could not be read could not be looked up");
        }
        self.look_after_holds(session, Listing::Known).await;
        if let Err(error) = self.prune(session).await {
            tracing::warn!(%error, "expired invoices could not be pruned");
        }
        if let Err(error) = self.save_history(session).await {
            tracing::warn!(%error, "how far the node was followed could not be written down");
        }
    }

    /// Warns when the node is set to delete invoices that we must not miss.
    pub(super) async fn warn_of_retention(&self) {
        match self.node.retention().await {
            Ok(Retention::DeletesPaid) => tracing::warn!(
                "lightningd's autoclean deletes paid invoices (autoclean-paidinvoices-age): one that is paid while \
                 facture is down can vanish before it is seen"
            ),
            // The plugin may be absent.
            Ok(Retention::KeepsPaid) | Err(_) => {}
        }
    }

    /// Warns when our credential allows more than facture needs: the web tier must not be able to spend.
    pub(super) async fn warn_of_rights(&self) {
        match self.node.excess_rights().await {
            Ok(excess) if !excess.is_empty() => tracing::warn!(
                excess = excess.join(" "),
                "node.macaroon_file or the rune allows more than facture needs: make one with the command that \
                 `facture lnd-macaroon` or `facture rune` prints"
            ),
            Ok(_) => {}
            Err(error) => tracing::debug!(%error, "the rights of our credential cannot be read"),
        }
    }

    /// Looks up unpaid invoices whose time is over, and takes in what the node says of them.
    pub(super) async fn settle_overdue(&self, session: &mut Session) -> Result<(), Error> {
        self.settle_overdue_since(session, OVERDUE_AFTER).await
    }

    /// The same of those whose time is over for so long.
    pub(super) async fn settle_overdue_since(
        &self,
        session: &mut Session,
        age: Duration,
    ) -> Result<(), Error> {
        for invoice in self.store.unpaid_since(ago(age), LIMIT).await? {
            self.verify_open(session, &invoice).await?;
        }
        Ok(())
    }

    /// Deletes expired invoices from the node, never paid ones: lightningd checks the state as it deletes.
    async fn prune(&self, session: &mut Session) -> Result<(), Error> {
        let Some(age) = self.prune_after else {
            return Ok(());
        };
        let mut ours = 0;
        for invoice in self.store.expired_before(ago(age), LIMIT).await? {
            // Gone already, or paid after all: the next update tells.
            if self.node.delete(&invoice, StatusName::Expired).await? == DeleteOutcome::Deleted {
                ours += 1;
            }
            self.store.pruned(&session.node, &invoice.label).await?;
        }
        Ok(session.feed.acknowledge_own_deletions(ours).await?)
    }
}

pub(super) fn ago(age: Duration) -> Timestamp {
    let age = SignedDuration::try_from(age).unwrap_or(SignedDuration::MAX);
    Timestamp::now().checked_sub(age).unwrap_or(Timestamp::MIN)
}
