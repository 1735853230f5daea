//! Following a node: what changed, what was created, and what tells that there is something to read.

pub(crate) mod news;
pub(crate) mod page;
pub(crate) mod position;
pub(crate) mod watch;

pub use self::{
    news::{DeletionNews, News},
    page::{Changes, Compared, Continuation, Continuity, Created, Deletion, Deletions, Gaps},
    position::Position,
    watch::Watch,
};

use facture_domain::{OpenInvoice, StoredCursor, StoredHistory};

#[cfg(feature = "lnd")]
use crate::lnd::feed::Feed as LndFeed;
use crate::{cln::feed::Feed as ClnFeed, error::NodeError, listed::Listed};

/// How far a node was read, and what is remembered of it, between connecting to it and losing it. Reading a page does not
/// move it: the caller does, once the page is on its way into the store.
#[derive(Debug)]
pub enum Feed {
    /// Core Lightning's.
    Cln(Box<ClnFeed>),
    /// LND's.
    #[cfg(feature = "lnd")]
    Lnd(Box<LndFeed>),
}

impl Feed {
    /// What to store: how far this is.
    pub fn cursor(&self) -> StoredCursor {
        match self {
            Self::Cln(feed) => feed.cursor(),
            #[cfg(feature = "lnd")]
            Self::Lnd(feed) => feed.cursor(),
        }
    }

    /// What to store: what is remembered of the node.
    pub fn history(&self) -> StoredHistory {
        match self {
            Self::Cln(feed) => feed.history(),
            #[cfg(feature = "lnd")]
            Self::Lnd(feed) => feed.history(),
        }
    }

    /// All changes up to here were processed.
    pub fn position(&self) -> Position {
        match self {
            Self::Cln(feed) => feed.position(),
            #[cfg(feature = "lnd")]
            Self::Lnd(feed) => feed.position(),
        }
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
        match self {
            Self::Cln(feed) => Ok(feed.changes(target).await?),
            #[cfg(feature = "lnd")]
            Self::Lnd(feed) => Ok(Changes::none(feed.position())),
        }
    }

    /// Marks a page of changes as processed.
    pub fn advance(&mut self, changes: &Changes) {
        match self {
            Self::Cln(feed) => feed.move_to(changes.end),
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => {}
        }
    }

    /// Marks the changes that [`News::Paid`] reported as processed.
    pub fn advance_by(&mut self, payments: &[Listed]) {
        match self {
            Self::Cln(feed) => feed.advance_by(payments),
            #[cfg(feature = "lnd")]
            Self::Lnd(feed) => feed.advance_by(payments),
        }
    }

    /// Remembers what was stored, to recognise the node by it.
    pub fn remember(&mut self, stored: &[Listed]) {
        match self {
            Self::Cln(feed) => feed.remember(stored),
            #[cfg(feature = "lnd")]
            Self::Lnd(feed) => feed.remember(stored),
        }
    }

    /// What was stored is not remembered, nor what comes after it until it is: after a restart it is read once more.
    pub fn pause_remembering(&mut self) {
        match self {
            Self::Cln(feed) => feed.pause_remembering(),
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => {}
        }
    }

    /// Buffers payments that the watch reported early, so that they need no call when their turn comes.
    pub fn buffer_payments(&mut self, payments: Vec<Listed>) {
        match self {
            Self::Cln(feed) => feed.buffer_payments(payments),
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => {}
        }
    }

    /// The next page of what the node created, after the last page that was taken in.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn created(&self) -> Result<Created, NodeError> {
        match self {
            Self::Cln(feed) => Ok(feed.created().await?),
            #[cfg(feature = "lnd")]
            Self::Lnd(feed) => Ok(feed.created().await?),
        }
    }

    /// Marks a page of created invoices as processed.
    pub fn advance_created(&mut self, created: &Created) {
        self.skip_created(created.end);
    }

    /// What was created up to this number need not be read.
    pub fn skip_created(&mut self, number: u64) {
        match self {
            Self::Cln(feed) => feed.move_created(number),
            #[cfg(feature = "lnd")]
            Self::Lnd(feed) => feed.move_created(number),
        }
    }

    /// The number of the last created invoice that was taken in.
    pub fn created_until(&self) -> u64 {
        match self {
            Self::Cln(feed) => feed.created_until(),
            #[cfg(feature = "lnd")]
            Self::Lnd(feed) => feed.created_until(),
        }
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
        match self {
            Self::Cln(feed) => Ok(feed.continuity().await?),
            #[cfg(feature = "lnd")]
            Self::Lnd(feed) => Ok((feed.continuity().await?, feed.position())),
        }
    }

    /// How many invoices were deleted from the node, now.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn deletions(&self) -> Result<Deletions, NodeError> {
        match self {
            Self::Cln(feed) => Ok(feed.deletions().await?),
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => Ok(Deletions(0)),
        }
    }

    /// Whether every open invoice was looked up since the last deletion.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn is_deletion_count_current(&self) -> Result<bool, NodeError> {
        match self {
            Self::Cln(feed) => Ok(feed.acknowledged_deletions() == Some(feed.deletions().await?)),
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => Ok(false),
        }
    }

    /// Every open invoice was looked up after there were so many deletions.
    pub fn acknowledge_deletions(&mut self, deletions: Deletions) {
        match self {
            Self::Cln(feed) => feed.acknowledge_deletions(deletions),
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => {}
        }
    }

    /// We deleted so many invoices ourselves: if nobody else deleted any, nothing has to be looked up.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn acknowledge_own_deletions(&mut self, count: u64) -> Result<(), NodeError> {
        match self {
            Self::Cln(feed) => Ok(feed.acknowledge_own_deletions(count).await?),
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => Ok(()),
        }
    }

    /// What a deletion reported by the watch means.
    pub fn deletion(&self, news: DeletionNews) -> Deletion {
        match self {
            Self::Cln(feed) => feed.deletion(news),
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => Deletion::Several,
        }
    }

    /// Whether the node has the invoice with this number and label.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn has(&self, invoice: &OpenInvoice) -> Result<bool, NodeError> {
        match self {
            Self::Cln(feed) => Ok(feed.has(invoice).await?),
            #[cfg(feature = "lnd")]
            Self::Lnd(feed) => Ok(feed.has(invoice).await?),
        }
    }

    /// Compares open invoices, in the order of their numbers, with what the node lists: as many of the first of them as one
    /// call can list, but one at least.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn compare(&self, open: &[OpenInvoice]) -> Result<Compared, NodeError> {
        match self {
            Self::Cln(feed) => Ok(feed.compare(open).await?),
            #[cfg(feature = "lnd")]
            Self::Lnd(feed) => Ok(feed.compare(open).await?),
        }
    }

    /// The node counts its payments from the start again: what it reports after the cursor is none of the next ones. The
    /// watch is outdated then.
    pub fn restart_payments(&mut self) {
        match self {
            // Its indexes are compared in [`Feed::continuity`].
            Self::Cln(_) => {}
            #[cfg(feature = "lnd")]
            Self::Lnd(feed) => feed.restart_payments(),
        }
    }

    /// Whether a new watch is needed, since the last one waits for something else.
    pub fn is_watch_outdated(&self) -> bool {
        match self {
            Self::Cln(_) => false,
            #[cfg(feature = "lnd")]
            Self::Lnd(feed) => feed.is_watch_outdated(),
        }
    }

    /// Waits for what happens after what was taken in.
    ///
    /// # Errors
    /// [`NodeError`] when the node cannot be reached.
    pub async fn watch(&mut self) -> Result<Watch, NodeError> {
        match self {
            Self::Cln(feed) => Ok(Watch::Cln(feed.watch().await?)),
            #[cfg(feature = "lnd")]
            Self::Lnd(feed) => Ok(Watch::Lnd(Box::new(feed.watch().await?))),
        }
    }
}
