//! Follows the node: every update of its invoices goes into the store, in order, once, and wakes whoever waits for it.
//! The node tells what is new (`news.rs`); payments that are told whole, and pages of whatever else was updated, are applied
//! with the cursor in one unit of work, so a crash anywhere changes nothing and the node answers the same question again.

mod apply;
mod barrier;
mod forget;
mod import;
mod news;
mod pages;
mod reconcile;
mod upkeep;

use std::{
    convert::Infallible,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tokio::{sync::watch, time::sleep};
use tokio_util::sync::CancellationToken;

use self::news::{Told, Waiters};
pub use self::{
    barrier::{Barrier, Stale},
    import::Imported,
    reconcile::Report,
};
use crate::{
    invoice::{NodeId, OurLabels},
    lightning::{Client, Error as NodeError},
    metrics,
    store::{Cursor, Error as StoreError, Store},
};

/// How often a pending wait is doubted, and the rest is looked after.
const UPKEEP: Duration = Duration::from_secs(20);

/// The first and the longest pause before the node is tried again. A connect to a unix socket costs next to nothing, and
/// buyers wait.
const PAUSES: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(500));

/// Follows one node into one store.
#[derive(Debug)]
pub struct Follower {
    node: Client,
    store: Store,
    labels: OurLabels,
    prune_after: Option<Duration>,
    forget_after: Option<Duration>,
    progress: watch::Sender<Progress>,
}

/// How far it is.
#[derive(Clone, Debug)]
pub struct Progress {
    /// How we stand with the node.
    pub link: Link,
    /// The node's `updated` index up to which everything is in the store.
    pub applied: u64,
    /// When it was last certain that the store had everything.
    pub confirmed_at: Option<Timestamp>,
    /// Whether the store is known to have every invoice of ours that the node has.
    pub mirror: Mirror,
}

/// How we stand with the node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// Not there yet since the start.
    Connecting,
    /// Up to date, and waiting for news.
    Following,
    /// Lost; it is tried again and again.
    Away(String),
}

/// What the store is known to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mirror {
    /// Invoices may be on the node that the store lacks.
    Unknown,
    /// All that were made until the start, and all since.
    Complete,
}

/// Why following stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The node.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The node was restored from a backup, which the next session sees to.
    #[error("the node's updated index went backwards")]
    WentBack,
}

impl Follower {
    /// Of this node, into this store. `prune_after`: how long after their expiry our expired invoices are deleted from
    /// the node; `None` never.
    pub fn new(
        node: Client,
        store: Store,
        labels: OurLabels,
        prune_after: Option<Duration>,
    ) -> Self {
        let progress = watch::Sender::new(Progress {
            link: Link::Connecting,
            applied: 0,
            confirmed_at: None,
            mirror: Mirror::Unknown,
        });
        Self {
            node,
            store,
            labels,
            prune_after,
            forget_after: None,
            progress,
        }
    }

    /// The same, which forgets what visitors made and nobody paid so long after its expiry; `None` never.
    pub fn forgetting_after(self, forget_after: Option<Duration>) -> Self {
        Self {
            forget_after,
            ..self
        }
    }

    /// How far it is, now and from now on.
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// What readers pass through. It asks on the follower's connections.
    pub fn barrier(&self) -> Barrier {
        Barrier::start(self.node.clone(), self.progress())
    }

    /// Follows until it is told to stop; comes back to the node whenever it was lost.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let mut pause = PAUSES.0;
        // A session that ended by a panic could not say so.
        self.progress.send_if_modified(|progress| {
            let was_following = progress.link == Link::Following;
            if was_following {
                progress.link = Link::Away("starting again".to_owned());
                progress.applied = 0;
            }
            was_following
        });
        loop {
            let Err(error) = tokio::select! {
                () = stop.cancelled() => return,
                ended = self.session(&mut pause) => ended,
                never = self.forget() => match never {},
            };
            self.lost(&error);
            let jittered = pause.mul_f64(rand::random_range(0.5..=1.0));
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(jittered) => {}
            }
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    /// Brings the store up to date and goes through all of the node's invoices, not only the newest.
    ///
    /// # Errors
    /// [`Error`] when the node or the store fails.
    pub async fn reconcile(&self) -> Result<Report, Error> {
        let mut report = Report::default();
        let (node, cursor) = self.start(&mut report).await?;
        let from_the_first = Cursor {
            created: 0,
            ..cursor
        };
        self.walk_created(&node, from_the_first, &mut report)
            .await?;
        loop {
            let settled = self.settle_overdue(&node).await?;
            report.changed += settled.changed;
            report.cancelled += settled.cancelled;
            if !settled.is_news() {
                return Ok(report);
            }
        }
    }

    /// From connecting to losing the connection. The pause before the next session is short again once following works.
    async fn session(&self, pause: &mut Duration) -> Result<Infallible, Error> {
        let mut waiters = Waiters::open(&self.node).await?;
        let mut report = Report::default();
        let (node, cursor) = self.start(&mut report).await?;
        let mut cursor = self.adopt(&node, cursor, report).await?;
        self.progress.send_modify(|progress| {
            progress.mirror = Mirror::Complete;
            progress.link = Link::Following;
        });
        tracing::info!(%node, updated = cursor.updated, "following the node");
        self.warn_of_autoclean().await;
        self.look_after(&node).await;
        loop {
            let mut news = waiters.wait(cursor.updated);
            *pause = PAUSES.0;
            let mut doubt = pin!(sleep(UPKEEP));
            while let Some(told) = tokio::select! {
                told = news.next(cursor.updated) => Some(told?),
                () = &mut doubt => None,
            } {
                let told_at = Instant::now();
                match told {
                    Told::Paid(paid) => {
                        cursor.updated += 1;
                        self.take_in(&node, &[*paid], cursor).await?;
                    }
                    Told::Updated(reached) => {
                        cursor = self
                            .catch_up(&node, cursor, reached, &mut Report::default())
                            .await?;
                    }
                }
                metrics::applied(told_at.elapsed());
            }
            // The connections may hang on a node that is gone or stuck: ask otherwise, and wait on new ones.
            let now = self.node.updated_index().await?;
            if now < cursor.updated {
                return Err(Error::WentBack);
            }
            cursor = self
                .catch_up(&node, cursor, now, &mut Report::default())
                .await?;
            // What we made ourselves need not be asked for.
            cursor.created = self.store.whole_until(cursor.created).await?;
            cursor = self.adopt(&node, cursor, Report::default()).await?;
            self.look_after(&node).await;
            waiters = Waiters::open(&self.node).await?;
        }
    }

    /// Takes in what the node made since the last time and the store lacks. `report` has what was different so far.
    async fn adopt(
        &self,
        node: &NodeId,
        cursor: Cursor,
        mut report: Report,
    ) -> Result<Cursor, Error> {
        let cursor = self.walk_created(node, cursor, &mut report).await?;
        if report.is_news() {
            tracing::info!(%report, "reconciled with the node");
        }
        Ok(cursor)
    }

    fn lost(&self, error: &Error) {
        let reason = error.to_string();
        let news = self.progress.borrow().link != Link::Away(reason.clone());
        if news {
            tracing::warn!(
                error = error as &dyn std::error::Error,
                "following broke off, trying again"
            );
        }
        self.progress.send_modify(|progress| {
            progress.link = Link::Away(reason);
            // Whatever comes back may be another copy of the node.
            progress.applied = 0;
        });
    }
}
