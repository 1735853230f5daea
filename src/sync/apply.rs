//! The node's updates, page by page, into the store.

use jiff::Timestamp;

use crate::sync::{error::Error, follower::Follower, session::Session};
use facture_domain::{Invoice, InvoiceRef, Label};
use facture_node::{Confirmation, Continuation, Gaps, Listed, NodeErrorKind, Position};
use facture_store::Merged;

/// So often an invoice of ours that cannot be read is asked for before it counts as unclear.
const TRIES: u32 = 3;

impl Follower {
    /// Makes sure that node and store belong together, and applies what happened meanwhile.
    pub(super) async fn start(&self) -> Result<Session, Error> {
        let (mut session, now) = self.resume().await?;
        // Before the changes: as soon as they are applied, what is shown counts as current.
        if !session.feed.is_deletion_count_current().await?
            || !self.has_newest_open(&mut session).await?
        {
            self.sweep(&mut session).await?;
        }
        self.catch_up(&mut session, now).await?;
        self.save_history(&session).await?;
        Ok(session)
    }

    /// Applies all changes after the cursor; the node reported changes up to `target`. A node that does not count its
    /// changes reports each by itself.
    pub(super) async fn catch_up(
        &self,
        session: &mut Session,
        target: Position,
    ) -> Result<(), Error> {
        if self.node.confirmation() == Confirmation::ByLookup {
            return Ok(());
        }
        loop {
            let requested_at = Timestamp::now();
            let page = session.feed.changes(target).await?;
            if let Gaps::Unexplained(missing) = page.gaps {
                tracing::warn!(
                    missing,
                    after = session.feed.position().number(),
                    "the node does not list all of its updates, looking every open invoice up"
                );
                self.sweep_until(session, target).await?;
            }
            session.feed.advance(&page);
            self.apply_listed(session, &page.listed).await?;
            if page.rest == Continuation::End {
                self.progress
                    .send_modify(|progress| progress.confirmed_at = Some(requested_at));
                return Ok(());
            }
        }
    }

    /// Takes in invoices as the node shows them; the cursor is at the last of them.
    pub(super) async fn apply_listed(
        &self,
        session: &mut Session,
        listed: &[Listed],
    ) -> Result<(), Error> {
        let ours = self.read_own(session, listed).await?;
        let merged = self
            .store
            .apply(&session.node, &ours, &session.feed.cursor())
            .await?;
        session.report.add(merged);
        session.remember(listed);
        // News or not: another request may have written what we find written.
        let applied = session.feed.position();
        self.progress.send_modify(|progress| {
            progress.applied = applied;
            progress.unclear = session.unclear.keys().cloned().collect();
        });
        Ok(())
    }

    /// Those of them that are ours. One that makes no sense is asked for again; if it stays so, it must not stop the
    /// others, but how it stands is not known then.
    pub(super) async fn read_own(
        &self,
        session: &mut Session,
        listed: &[Listed],
    ) -> Result<Vec<Invoice>, Error> {
        let own = self.filter_own(listed).await?;
        self.read_listed(session, own).await
    }

    /// The same of those that are known to be ours.
    pub(super) async fn read_listed(
        &self,
        session: &mut Session,
        own: Vec<(Label, &Listed)>,
    ) -> Result<Vec<Invoice>, Error> {
        let mut ours = Vec::new();
        for (label, listed) in own {
            match listed.read(&label) {
                Ok(invoice) => {
                    session.unclear.remove(&label);
                    ours.push(invoice);
                }
                Err(error) => {
                    tracing::error!(%error, ?label, "an invoice of ours cannot be read, asking again");
                    let reference = listed.reference(label);
                    ours.extend(self.retry_lookup(session, reference).await?);
                }
            }
        }
        Ok(ours)
    }

    /// An invoice of ours that could not be read; `None` while that is so, or when the node has it no more.
    async fn retry_lookup(
        &self,
        session: &mut Session,
        invoice: InvoiceRef,
    ) -> Result<Option<Invoice>, Error> {
        for _ in 0..TRIES {
            match self.node.lookup(&invoice).await {
                Ok(found) => {
                    session.unclear.remove(&invoice.label);
                    return Ok(found);
                }
                Err(error) if error.kind() == NodeErrorKind::Malformed => {}
                Err(error) => return Err(error.into()),
            }
        }
        session.unclear.insert(invoice.label.clone(), invoice);
        Ok(None)
    }

    /// Asks for those that could not be read.
    pub(super) async fn retry_unreadable(&self, session: &mut Session) -> Result<(), Error> {
        let mut clear = Vec::new();
        let unclear: Vec<_> = session.unclear.values().cloned().collect();
        for invoice in unclear {
            clear.extend(self.retry_lookup(session, invoice).await?);
        }
        let merged = self.merge(session, &clear).await?;
        session.report.add(merged);
        self.progress
            .send_modify(|progress| progress.unclear = session.unclear.keys().cloned().collect());
        Ok(())
    }

    /// Takes in invoices as the node shows them, without moving the cursor.
    pub(super) async fn merge(
        &self,
        session: &Session,
        invoices: &[Invoice],
    ) -> Result<Merged, Error> {
        if invoices.is_empty() {
            return Ok(Merged::default());
        }
        Ok(self.store.merge(&session.node, invoices).await?)
    }
}
