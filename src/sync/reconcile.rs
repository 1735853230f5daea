//! Going through what the node made: invoices of ours that the mirror lacks are adopted. They are there when we crashed
//! between the node's answer and our row, or when the database was lost.

use crate::sync::{error::Error, follower::Follower, holds::Listing, session::Session};
use facture_node::Continuation;

impl Follower {
    /// Goes through all of the node's invoices, not only the newest, and looks after all that can still be paid or are
    /// overdue.
    pub(super) async fn reconcile_all(&self, session: &mut Session) -> Result<(), Error> {
        self.adopt_offers().await?;
        session.feed.restart_created();
        self.adopt_created(session).await?;
        self.warn_of_adopted(&session.report);
        self.sweep(session).await?;
        self.look_after_holds(session, Listing::All).await;
        loop {
            let before = session.report;
            self.settle_overdue(session).await?;
            if session.report == before {
                return Ok(());
            }
        }
    }

    /// Reads what the node created after the cursor, page by page.
    ///
    /// Changes come in the order in which they happened: an invoice whose last change is still to come is left to that.
    pub(super) async fn adopt_created(&self, session: &mut Session) -> Result<(), Error> {
        loop {
            let page = session.feed.created().await?;
            // News is not kept waiting by a long walk.
            self.apply_told(session).await?;
            let now = self.node.position().await?;
            if now > session.feed.position() {
                self.catch_up(session, now).await?;
            }
            session.report.seen += count(page.listed.len());
            let mut own = self.filter_own(&page.listed).await?;
            session.report.strangers += count(page.listed.len() - own.len());
            own.retain(|(_, listed)| session.feed.includes(listed));
            let ours = self.read_listed(session, own).await?;
            session.feed.advance_created(&page);
            let merged = self
                .store
                .apply(&session.node, &ours, &session.feed.cursor())
                .await?;
            session.report.add(merged);
            if page.rest == Continuation::End {
                return Ok(());
            }
        }
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
