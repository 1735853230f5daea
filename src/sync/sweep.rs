//! Looking up what can still be paid: what is gone from the node must not be shown as payable. Something may have been
//! deleted by hand, by another program, by lightningd's autoclean, or with the state that a node was put back from.

use std::time::Duration;

use tokio::time::Instant;

use super::session::{Session, Sweep};
use crate::sync::follower::{Error, Follower};
use facture_domain::{Invoice, Label, Status};
use facture_node::cln::{Deletion, Error as NodeError, Gone, Listed, State};
use facture_store::Open;

/// So many of the node's invoices are asked for at once, at most.
const SPAN: u64 = 100;

/// So many open invoices are read from the store at once.
const LIMIT: u32 = 100;

/// The shortest time between two sweeps that deletions ask for; if one takes long, four times as long.
const PAUSE: Duration = Duration::from_millis(500);

/// An absence must be told so often.
const CERTAIN: u32 = 2;

impl Follower {
    /// Looks up every invoice of ours that can still be paid. News is not kept waiting by that.
    pub(super) async fn sweep(&self, session: &mut Session) -> Result<(), Error> {
        let began = Instant::now();
        let deleted = self.node.deleted_index().await?;
        let mut after = 0;
        let until = session.cursor.updated;
        while let Some(last) = self.sweep_some(session, after, until).await? {
            after = last;
            let now = self.node.updated_index().await?;
            if now > session.cursor.updated {
                self.catch_up(session, now).await?;
            }
        }
        session.history.deleted = Some(deleted);
        self.save_history(session).await?;
        session.sweep = Sweep::NotDue {
            earliest: Instant::now() + PAUSE.max(4 * began.elapsed()),
        };
        Ok(())
    }

    /// The same before anything else is done, with updates up to this index that are not applied yet.
    pub(super) async fn sweep_until(&self, session: &mut Session, until: u64) -> Result<(), Error> {
        let mut after = 0;
        while let Some(last) = self.sweep_some(session, after, until).await? {
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
        let listed = match self.node.created_invoices(newest.created_index, 1).await {
            Err(NodeError::Unreadable { .. }) => Vec::new(),
            listed => listed?,
        };
        let is_there = listed
            .iter()
            .any(|listed| listed.label() == newest.label.as_str());
        if !is_there {
            session.cursor.created = 0;
        }
        Ok(is_there)
    }

    /// Some of them, after this place in the node's `created` index; the place of the last one of them. An invoice whose
    /// last update is after `until` is left to that.
    async fn sweep_some(
        &self,
        session: &mut Session,
        after: u64,
        until: u64,
    ) -> Result<Option<u64>, Error> {
        let open = self.store.open_after(after, LIMIT).await?;
        let Some(first) = open.first().map(|first| first.created_index) else {
            return Ok(None);
        };
        let near = open
            .iter()
            .take_while(|open| open.created_index - first < SPAN);
        let near: Vec<&Open> = near.collect();
        let last = near.last().map_or(first, |last| last.created_index);
        let count = u32::try_from(last - first + 1).unwrap_or(u32::MAX);
        // There are at most so many until the last one.
        let listed = match self.node.created_invoices(first, count).await {
            // It may be another program's that cannot be read: one at a time.
            Err(NodeError::Unreadable { .. }) => Vec::new(),
            listed => listed?,
        };
        for Open { label, .. } in &near {
            let is_there = |listed: &Listed| listed.label() == label.as_str();
            if !listed.iter().any(is_there) {
                self.look_up(session, label).await?;
            }
        }
        let mut listed = listed;
        listed.retain(|listed| listed.updated_index().is_some_and(|index| index <= until));
        let ours = self.ours(session, &listed).await?;
        let merged = self.merge(session, &ours).await?;
        session.report.add(merged);
        Ok(Some(last))
    }

    /// Something was deleted. The node tells the last one only.
    pub(super) async fn deleted(
        &self,
        session: &mut Session,
        deletion: Deletion,
    ) -> Result<(), Error> {
        let known = session.history.deleted.unwrap_or_default();
        if deletion.reached <= known {
            return Ok(());
        }
        // What happened to it before.
        let now = self.node.updated_index().await?;
        if now > session.cursor.updated {
            self.catch_up(session, now).await?;
        }
        match deletion.last {
            Some(gone) if deletion.reached == known + 1 => {
                self.gone(session, &gone).await?;
                session.history.deleted = Some(deletion.reached);
            }
            _ => session.sweep_soon(),
        }
        Ok(())
    }

    /// The node has deleted this one.
    async fn gone(
        &self,
        session: &mut Session,
        Gone { label, status }: &Gone,
    ) -> Result<(), Error> {
        let Some(label) = self.labels.parse_label(label) else {
            return Ok(());
        };
        let Some(known) = self.store.find(&label).await? else {
            return Ok(());
        };
        match (status, &known.status) {
            (_, Status::Paid(_)) | (State::Unpaid | State::Expired, Status::Expired) => Ok(()),
            (State::Paid, Status::Unpaid | Status::Expired) => {
                // It may have been said of another one with this label.
                if self.confirm_gone(&label).await?.is_none()
                    && self.store.payment_proven(&session.node, &label).await?
                {
                    tracing::error!(
                        hash = %known.payment_hash,
                        "the node deleted a paid invoice before its payment was seen: what arrived is not known"
                    );
                }
                Ok(())
            }
            (State::Expired, Status::Unpaid) => {
                let expired = Invoice {
                    status: Status::Expired,
                    ..Invoice::clone(&known)
                };
                let merged = self.merge(session, &[expired]).await?;
                session.report.add(merged);
                Ok(())
            }
            (State::Unpaid, Status::Unpaid) => self.look_up(session, &label).await,
        }
    }

    /// Asks for one invoice that may be gone, and takes in what comes of it.
    pub(super) async fn look_up(&self, session: &mut Session, label: &Label) -> Result<(), Error> {
        match self.confirm_gone(label).await {
            Ok(Some(invoice)) => {
                let merged = self.merge(session, &[invoice]).await?;
                session.report.add(merged);
            }
            Ok(None) => {
                if self.store.cancel(&session.node, label).await? {
                    session.report.cancelled += 1;
                    tracing::warn!(
                        "an unpaid invoice is gone from the node: another program deleted it, or the node was put \
                         back. It is cancelled; if it was paid while facture was not there, that is not known"
                    );
                }
            }
            Err(Error::Node(NodeError::Malformed { .. })) => {
                session.unclear.insert(label.clone());
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// What the node has under this label. That it has nothing must be said again to be believed.
    async fn confirm_gone(&self, label: &Label) -> Result<Option<Invoice>, Error> {
        for _ in 0..CERTAIN {
            if let Some(invoice) = self.node.invoice_by_label(label).await? {
                return Ok(Some(invoice));
            }
        }
        Ok(None)
    }
}
