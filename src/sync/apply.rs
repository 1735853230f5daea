//! The node's updates, page by page, into the store.

use jiff::Timestamp;

use super::{
    pages::{self, Page, Rest},
    session::Session,
};
use crate::sync::follower::{Error, Follower};
use facture_domain::{Invoice, Label};
use facture_node::cln::{Error as NodeError, Listed};
use facture_store::Merged;

/// So often an invoice of ours that cannot be read is asked for before it counts as unclear.
const TRIES: u32 = 3;

impl Follower {
    /// Makes sure that node and store belong together, and applies what happened meanwhile.
    pub(super) async fn start(&self) -> Result<Session, Error> {
        let (mut session, now) = self.resume().await?;
        let deleted = self.node.deleted_index().await?;
        // Before the updates: as soon as they are applied, what is shown counts as current.
        if session.history.deleted != Some(deleted) || !self.has_newest_open(&mut session).await? {
            self.sweep(&mut session).await?;
        }
        self.catch_up(&mut session, now).await?;
        self.save_history(&session).await?;
        Ok(session)
    }

    /// Applies all updates after the cursor; the node's index is at least `target`.
    pub(super) async fn catch_up(&self, session: &mut Session, target: u64) -> Result<(), Error> {
        loop {
            let asked_at = Timestamp::now();
            let page = self.updates(session, target).await?;
            session.cursor.updated = match page.rest {
                Rest::More { next } => next - 1,
                // An update at the end of the index is not listed when its invoice was deleted since.
                Rest::None { last } => last.unwrap_or(0).max(target).max(session.cursor.updated),
            };
            self.take_in(session, &page.listed).await?;
            if let Rest::None { .. } = page.rest {
                self.progress
                    .send_modify(|progress| progress.confirmed_at = Some(asked_at));
                return Ok(());
            }
        }
    }

    /// The next page of updates. What is missing in it is asked for again, and must have a reason.
    async fn updates(&self, session: &mut Session, target: u64) -> Result<Page, Error> {
        let start = session.cursor.updated + 1;
        let mut page = pages::updated(&self.node, start).await?;
        if page.missing(start, target) > 0 {
            let early = std::mem::take(&mut session.early).into_iter();
            let told = early.filter(|(index, _)| (start..=target).contains(index));
            page.add(told.map(|(_, paid)| paid));
            page = page.and(pages::updated(&self.node, start).await?);
        }
        let missing = page.missing(start, target);
        if missing == 0 {
            return Ok(page);
        }
        let now = self.node.updated_index().await?;
        if now < target {
            return Err(Error::Contradiction { said: target, now });
        }
        let Some(deleted) = session.history.deleted else {
            // Everything that can still be paid is looked up anyway.
            return Ok(page);
        };
        if missing > self.node.deleted_index().await?.saturating_sub(deleted) {
            tracing::warn!(
                missing,
                after = session.cursor.updated,
                "the node does not list all of its updates, looking every open invoice up"
            );
            self.sweep_until(session, target).await?;
        }
        Ok(page)
    }

    /// Takes in invoices as the node shows them; the cursor is at the last of them.
    pub(super) async fn take_in(
        &self,
        session: &mut Session,
        listed: &[Listed],
    ) -> Result<(), Error> {
        let ours = self.ours(session, listed).await?;
        let merged = self
            .store
            .apply(&session.node, &ours, session.cursor)
            .await?;
        session.report.add(merged);
        session.remember(listed);
        // News or not: another request may have written what we find written.
        let applied = session.cursor.updated;
        session.early = session.early.split_off(&(applied + 1));
        self.progress.send_modify(|progress| {
            progress.applied = applied;
            progress.unclear.clone_from(&session.unclear);
        });
        Ok(())
    }

    /// Those of them that are ours. One that makes no sense is asked for again; if it stays so, it must not stop the
    /// others, but how it stands is not known then.
    pub(super) async fn ours(
        &self,
        session: &mut Session,
        listed: &[Listed],
    ) -> Result<Vec<Invoice>, Error> {
        let own = self.own(listed).await?;
        self.read(session, own).await
    }

    /// The same of those that are known to be ours.
    pub(super) async fn read(
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
                    ours.extend(self.ask_again(session, label).await?);
                }
            }
        }
        Ok(ours)
    }

    /// An invoice of ours that could not be read; `None` while that is so, or when the node has it no more.
    async fn ask_again(
        &self,
        session: &mut Session,
        label: Label,
    ) -> Result<Option<Invoice>, Error> {
        for _ in 0..TRIES {
            match self.node.invoice_by_label(&label).await {
                Ok(found) => {
                    session.unclear.remove(&label);
                    return Ok(found);
                }
                Err(NodeError::Malformed { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        session.unclear.insert(label);
        Ok(None)
    }

    /// Asks for those that could not be read.
    pub(super) async fn clear_up(&self, session: &mut Session) -> Result<(), Error> {
        let mut clear = Vec::new();
        for label in session.unclear.clone() {
            clear.extend(self.ask_again(session, label).await?);
        }
        let merged = self.merge(session, &clear).await?;
        session.report.add(merged);
        self.progress
            .send_modify(|progress| progress.unclear.clone_from(&session.unclear));
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
        Ok(self
            .store
            .apply(&session.node, invoices, session.cursor)
            .await?)
    }
}
