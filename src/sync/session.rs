//! What is known of the node between connecting to it and losing it.

use std::collections::HashMap;

use sync_wrapper::SyncWrapper;
use tokio::time::Instant;

use crate::sync::{
    comparison::{Comparison, Following, Pace},
    report::Report,
};
use facture_domain::{InvoiceRef, Label, NodeId};
use facture_node::{Feed, Listed, News, NodeError, Watch};

#[derive(Debug)]
pub(super) struct Session {
    pub(super) node: NodeId,
    /// How far the node was read.
    pub(super) feed: Feed,
    /// Waits for what happens after that. `None` until the records are as the node was at the start.
    pub(super) watch: Option<SyncWrapper<Watch>>,
    /// The differences found.
    pub(super) report: Report,
    /// Invoices of ours that the node listed in a way that cannot be read: how they stand is not known.
    pub(super) unclear: HashMap<Label, InvoiceRef>,
    /// When open invoices are to be looked up.
    pub(super) sweep: Sweep,
    /// A comparison of open invoices that goes on.
    pub(super) comparison: Option<Comparison>,
}

/// When open invoices are to be looked up.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sweep {
    /// Not before something is deleted; if that is so soon after the last time, not before this.
    NotDue { earliest: Instant },
    /// At this time.
    Due(Instant),
}

impl Session {
    pub(super) fn new(node: NodeId, feed: Feed) -> Self {
        Self {
            node,
            feed,
            watch: None,
            report: Report::default(),
            unclear: HashMap::new(),
            sweep: Sweep::NotDue {
                earliest: Instant::now(),
            },
            comparison: None,
        }
    }

    /// Waits on connections of its own from now on.
    ///
    /// # Errors
    /// [`NodeError`] when the node cannot be reached.
    pub(super) async fn open_watch(&mut self) -> Result<(), NodeError> {
        self.watch = None;
        self.watch = Some(SyncWrapper::new(self.feed.watch().await?));
        Ok(())
    }

    /// The next that the node tells. Nothing is missed when the wait is given up.
    ///
    /// # Errors
    /// [`NodeError`] when a connection is lost.
    pub(super) async fn next_news(&mut self) -> Result<News, NodeError> {
        match &mut self.watch {
            Some(watch) => watch.get_mut().next(self.feed.position()).await,
            None => std::future::pending().await,
        }
    }

    /// Remembers what was stored. What comes after an invoice that could not be read is to be read once more after the
    /// next start.
    pub(super) fn remember(&mut self, stored: &[Listed]) {
        if self.unclear.is_empty() {
            self.feed.remember(stored);
        } else {
            self.feed.pause_remembering();
        }
    }

    /// Open invoices are to be looked up as soon as that may be.
    pub(super) fn sweep_soon(&mut self) {
        if let Sweep::NotDue { earliest } = self.sweep {
            self.sweep = Sweep::Due(earliest.max(Instant::now()));
        }
    }

    /// All that can still be paid is to be compared now: by a comparison that begins after this.
    pub(super) fn compare_soon(&mut self) {
        match &mut self.comparison {
            Some(comparison) => {
                comparison.pace = Pace::AtOnce;
                comparison.following = Following::Comparison;
            }
            none => *none = Some(Comparison::begin(Pace::AtOnce)),
        }
        self.sweep = Sweep::Due(Instant::now());
    }
}
