//! Looking up what can still be paid: what is gone from the node must not be shown as payable. Something may have been
//! deleted by hand, by another program, by lightningd's autoclean, or with the state that a node was put back from.

use std::time::Duration;

use tokio::time::Instant;

use crate::sync::{
    absence::{self, Resolved},
    error::Error,
    follower::Follower,
    session::{Session, Sweep},
};
use facture_domain::{Invoice, InvoiceRef, Status, StatusName};
use facture_node::{Compared, Confirmation, Deletion, DeletionNews, NodeErrorKind, Position};

/// The number of open invoices read from the store at once.
const LIMIT: u32 = 100;

/// The shortest time between two sweeps that deletions ask for; if one takes long, four times as long.
const PAUSE: Duration = Duration::from_millis(500);

impl Follower {
    /// Looks up every invoice of ours that can still be paid. News is not kept waiting by that.
    pub(super) async fn sweep(&self, session: &mut Session) -> Result<(), Error> {
        if self.node.confirmation() == Confirmation::ByLookup {
            return self.compare_open(session).await;
        }
        let began = Instant::now();
        let deletions = session.feed.deletions().await?;
        let mut after = 0;
        let until = session.feed.position();
        while let Some(last) = self.sweep_batch(session, after, until).await? {
            after = last;
            let now = self.node.position().await?;
            if now > session.feed.position() {
                self.catch_up(session, now).await?;
            }
        }
        session.feed.acknowledge_deletions(deletions);
        self.save_history(session).await?;
        session.sweep = Sweep::NotDue {
            earliest: Instant::now() + PAUSE.max(4 * began.elapsed()),
        };
        Ok(())
    }

    /// The same, if something was deleted since the last time. A node that does not tell that is compared every few seconds
    /// anyway.
    pub(super) async fn sweep_after_deletions(&self, session: &mut Session) -> Result<(), Error> {
        if self.node.confirmation() == Confirmation::ByPosition
            && !session.feed.is_deletion_count_current().await?
        {
            self.sweep(session).await?;
        }
        Ok(())
    }

    /// The same, or a step of it on a node that is compared in steps: what is left of it is due at once.
    pub(super) async fn sweep_step(&self, session: &mut Session) -> Result<(), Error> {
        match self.node.confirmation() {
            Confirmation::ByLookup => self.compare_step(session).await,
            Confirmation::ByPosition => self.sweep(session).await,
        }
    }

    /// The same, before anything else, with changes up to this position that are not applied yet.
    pub(super) async fn sweep_until(
        &self,
        session: &mut Session,
        until: Position,
    ) -> Result<(), Error> {
        let mut after = 0;
        while let Some(last) = self.sweep_batch(session, after, until).await? {
            after = last;
        }
        Ok(())
    }

    /// Whether the node has the newest of them in its place: then it has the older ones too, if nothing was deleted.
    /// Otherwise it was put back, and made others since: the walk through those begins anew.
    pub(super) async fn has_newest_open(&self, session: &mut Session) -> Result<bool, Error> {
        let Some(newest) = self.store.newest_open().await? else {
            return Ok(true);
        };
        let is_there = session.feed.has(&newest).await?;
        if !is_there {
            session.feed.restart_created();
        }
        Ok(is_there)
    }

    /// Some of them, after this number; the number of the last one of them. An invoice whose last change is after `until`
    /// is left to that.
    async fn sweep_batch(
        &self,
        session: &mut Session,
        after: u64,
        until: Position,
    ) -> Result<Option<u64>, Error> {
        let mut open = self.store.open_after(after, LIMIT).await?;
        let Compared {
            count,
            missing,
            mut listed,
        } = session.feed.compare(&open).await?;
        open.truncate(count);
        let Some(last) = open.last().map(|last| last.number) else {
            return Ok(None);
        };
        for invoice in &missing {
            self.verify_open(session, &invoice.into()).await?;
        }
        listed.retain(|listed| listed.changed_at().is_some_and(|at| at <= until));
        let ours = self.read_own(session, &listed).await?;
        let merged = self.merge(session, &ours).await?;
        session.report.add(merged);
        Ok(Some(last))
    }

    /// Something was deleted. The node reports only the last one.
    pub(super) async fn apply_deletion(
        &self,
        session: &mut Session,
        news: DeletionNews,
    ) -> Result<(), Error> {
        let deletion = session.feed.deletion(news);
        if deletion == Deletion::Known {
            return Ok(());
        }
        // What happened to it before.
        let now = self.node.position().await?;
        if now > session.feed.position() {
            self.catch_up(session, now).await?;
        }
        match deletion {
            Deletion::One {
                label,
                status,
                deletions,
            } => {
                self.apply_deleted(session, &label, status).await?;
                session.feed.acknowledge_deletions(deletions);
            }
            Deletion::Known => {}
            Deletion::Several => session.sweep_soon(),
        }
        Ok(())
    }

    /// The node deleted this invoice.
    async fn apply_deleted(
        &self,
        session: &mut Session,
        label: &str,
        status: StatusName,
    ) -> Result<(), Error> {
        let Some(label) = self.labels.parse_label(label) else {
            return Ok(());
        };
        let Some(known) = self.store.find(&label).await? else {
            return Ok(());
        };
        match (status, &known.status) {
            // What the node deletes is no hold invoice of it.
            (_, Status::Paid(_) | Status::Accepted(_))
            | (StatusName::Accepted | StatusName::Cancelled, _)
            | (StatusName::Unpaid | StatusName::Expired, Status::Expired) => Ok(()),
            (StatusName::Paid, Status::Unpaid | Status::Expired) => {
                // It may have been said of another one with this label.
                let reference = InvoiceRef::from(&*known);
                if absence::confirm_absent(&self.node, &reference)
                    .await?
                    .is_none()
                    && self.store.payment_proven(&session.node, &label).await?
                {
                    tracing::error!(
                        hash = %known.payment_hash,
                        "the node deleted a paid invoice before its payment was seen: what arrived is not known"
                    );
                }
                Ok(())
            }
            (StatusName::Expired, Status::Unpaid) => {
                let expired = Invoice {
                    status: Status::Expired,
                    ..Invoice::clone(&known)
                };
                let merged = self.merge(session, &[expired]).await?;
                session.report.add(merged);
                Ok(())
            }
            (StatusName::Unpaid, Status::Unpaid) => {
                self.verify_open(session, &InvoiceRef::from(&*known)).await
            }
        }
    }

    /// Looks up one invoice that may be gone, and takes in what comes of it.
    pub(super) async fn verify_open(
        &self,
        session: &mut Session,
        invoice: &InvoiceRef,
    ) -> Result<(), Error> {
        match absence::resolve(&self.node, &self.store, &session.node, invoice).await {
            Ok(Resolved::Merged(merged)) => session.report.add(merged),
            Ok(Resolved::Cancelled) => {
                session.report.cancelled += 1;
                tracing::warn!(
                    "an unpaid invoice is gone from the node: another program deleted or cancelled it, or the node was \
                     put back. It is cancelled; if it was paid while facture was not there, that is not known"
                );
            }
            Ok(Resolved::Unchanged) => {}
            Err(Error::Node(error)) if error.kind() == NodeErrorKind::Malformed => {
                session
                    .unclear
                    .insert(invoice.label.clone(), invoice.clone());
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}
