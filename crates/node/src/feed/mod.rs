//! Following a node: what changed, what was created, and what tells that there is something to read.

pub(crate) mod news;
pub(crate) mod page;
pub(crate) mod position;
pub(crate) mod watch;

pub use self::{
    news::{DeletionNews, News},
    page::{Changes, Continuation, Continuity, Created, Deletion, Deletions, Gaps},
    position::Position,
    watch::{Watch, WatchConnections},
};

use facture_domain::{OpenInvoice, StoredCursor, StoredHistory};

use crate::{cln::feed::Feed as ClnFeed, error::NodeError, listed::Listed};

/// How far a node was read, and what is remembered of it, between connecting to it and losing it. Reading a page does not
/// move it: the caller does, once the page is on its way into the store.
#[derive(Debug)]
pub enum Feed {
    /// Core Lightning's.
    Cln(ClnFeed),
}

impl Feed {
    /// What to store: how far this is.
    pub fn cursor(&self) -> StoredCursor {
        let Self::Cln(feed) = self;
        feed.cursor()
    }

    /// What to store: what is remembered of the node.
    pub fn history(&self) -> StoredHistory {
        let Self::Cln(feed) = self;
        feed.history()
    }

    /// All changes up to here were processed.
    pub fn position(&self) -> Position {
        let Self::Cln(feed) = self;
        feed.position()
    }

    /// Whether a listed invoice's last change was processed.
    pub fn includes(&self, listed: &Listed) -> bool {
        listed.changed_at().is_none_or(|at| at <= self.position())
    }

    /// The next page of changes, after [`Feed::position`]. The node reported changes up to `target`.
    ///
    /// # Errors
    /// [`NodeError`], also when the node no longer knows of `target`.
    pub async fn changes(&mut self, target: Position) -> Result<Changes, NodeError> {
        let Self::Cln(feed) = self;
        Ok(feed.changes(target).await?)
    }

    /// Marks a page of changes as processed.
    pub fn advance(&mut self, changes: &Changes) {
        let Self::Cln(feed) = self;
        feed.move_to(changes.end);
    }

    /// Marks the one change that [`News::Paid`] reported as processed.
    pub fn advance_by_payment(&mut self) {
        let Self::Cln(feed) = self;
        feed.move_to(feed.position().next());
    }

    /// Remembers what was stored, to recognise the node by it.
    pub fn remember(&mut self, stored: &[Listed]) {
        let Self::Cln(feed) = self;
        feed.remember(stored);
    }

    /// What was stored is not remembered, nor what comes after it until it is: after a restart it is read once more.
    pub fn pause_remembering(&mut self) {
        let Self::Cln(feed) = self;
        feed.pause_remembering();
    }

    /// Buffers payments that the watch reported early, so that they need no call when their turn comes.
    pub fn buffer_payments(&mut self, payments: Vec<Listed>) {
        let Self::Cln(feed) = self;
        feed.buffer_payments(payments);
    }

    /// The next page of what the node created, after the last page that was taken in.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn created(&self) -> Result<Created, NodeError> {
        let Self::Cln(feed) = self;
        Ok(feed.created().await?)
    }

    /// Marks a page of created invoices as processed.
    pub fn advance_created(&mut self, created: &Created) {
        self.skip_created(created.end);
    }

    /// What was created up to this number need not be read.
    pub fn skip_created(&mut self, number: u64) {
        let Self::Cln(feed) = self;
        feed.move_created(number);
    }

    /// The number of the last created invoice that was taken in.
    pub fn created_until(&self) -> u64 {
        let Self::Cln(feed) = self;
        feed.created_until()
    }

    /// All that the node created is to be read again.
    pub fn restart_created(&mut self) {
        self.skip_created(0);
    }

    /// Whether the node is still the one that was followed, and where its changes are now.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn continuity(&self) -> Result<(Continuity, Position), NodeError> {
        let Self::Cln(feed) = self;
        Ok(feed.continuity().await?)
    }

    /// How many invoices were deleted from the node, now.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn deletions(&self) -> Result<Deletions, NodeError> {
        let Self::Cln(feed) = self;
        Ok(feed.deletions().await?)
    }

    /// Whether every open invoice was looked up since the last deletion.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn is_deletion_count_current(&self) -> Result<bool, NodeError> {
        let Self::Cln(feed) = self;
        Ok(feed.acknowledged_deletions() == Some(feed.deletions().await?))
    }

    /// Every open invoice was looked up after there were so many deletions.
    pub fn acknowledge_deletions(&mut self, deletions: Deletions) {
        let Self::Cln(feed) = self;
        feed.acknowledge_deletions(deletions);
    }

    /// We deleted so many invoices ourselves: if nobody else deleted any, nothing has to be looked up.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn acknowledge_own_deletions(&mut self, count: u64) -> Result<(), NodeError> {
        let Self::Cln(feed) = self;
        Ok(feed.acknowledge_own_deletions(count).await?)
    }

    /// What a deletion reported by the watch means.
    pub fn deletion(&self, news: DeletionNews) -> Deletion {
        let Self::Cln(feed) = self;
        feed.deletion(news)
    }

    /// Whether the node has the invoice with this number and label.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn has(&self, invoice: &OpenInvoice) -> Result<bool, NodeError> {
        let Self::Cln(feed) = self;
        Ok(feed.has(invoice).await?)
    }

    /// Looks several invoices up, in the order of their numbers: as many of the first of them as one call can list, but
    /// one at least. How many that were, and what the node has near them, which may be other invoices too. One that is not
    /// among those has to be looked up by its label.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn near(&self, invoices: &[OpenInvoice]) -> Result<(usize, Vec<Listed>), NodeError> {
        let Self::Cln(feed) = self;
        Ok(feed.near(invoices).await?)
    }

    /// Waits, on these connections, for what happens after what was taken in.
    pub fn watch(&self, connections: WatchConnections) -> Watch {
        let (Self::Cln(feed), WatchConnections::Cln(waiters)) = (self, connections);
        Watch::Cln(feed.watch(waiters))
    }
}
