//! Follows one node into one store.

use crate::sync::barrier::Barrier;
use crate::sync::ownership::Adoption;
use crate::sync::reconcile::Report;
use crate::sync::requests::Reconciler;
use std::{
    collections::HashSet,
    convert::Infallible,
    future::pending,
    mem,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tokio::{
    sync::watch,
    time::{sleep, sleep_until},
};
use tokio_util::sync::CancellationToken;

use crate::sync::{
    ownership::Ownership,
    requests::Requests,
    session::{Session, Sweep},
};
use facture_domain::{Label, OurLabels};
use facture_node::{Continuity, News, Node, NodeError, Position};
use facture_runtime::metrics;
use facture_store::{Error as StoreError, LabelKeyFile, Store};

/// How often a pending wait is doubted, and the rest is looked after.
pub(super) const UPKEEP: Duration = Duration::from_secs(20);

/// The first and the longest pause before the node is tried again. A connect to a unix socket costs next to nothing, and
/// buyers wait.
pub(super) const PAUSES: (Duration, Duration) =
    (Duration::from_millis(20), Duration::from_millis(500));

/// Follows one node into one store.
#[derive(Debug)]
pub struct Follower {
    pub(super) node: Node,
    pub(super) store: Store,
    pub(super) labels: OurLabels,
    pub(super) ownership: Ownership,
    pub(super) prune_after: Option<Duration>,
    pub(super) forget_after: Option<Duration>,
    pub(super) progress: watch::Sender<Progress>,
    pub(super) requests: Arc<Requests>,
}

/// What it is to do with invoices on the node.
#[derive(Debug)]
pub struct Rules {
    /// Which labels are ours.
    pub labels: OurLabels,
    /// The file of the key in them.
    pub key: LabelKeyFile,
    /// What becomes of labels with our prefix that our key did not make.
    pub adoption: Adoption,
    /// How long after their expiry our expired invoices are deleted from the node; `None` never.
    pub prune_after: Option<Duration>,
    /// How long after their expiry invoices that visitors made and nobody paid are forgotten; `None` never.
    pub forget_after: Option<Duration>,
}

/// How far it is.
#[derive(Clone, Debug)]
pub struct Progress {
    /// How we stand with the node.
    pub link: Link,
    /// All of the node's changes up to here are in the store.
    pub applied: Position,
    /// When it was last certain that the store had everything.
    pub confirmed_at: Option<Timestamp>,
    /// Whether the store is known to have every invoice of ours that the node has.
    pub mirror: Mirror,
    /// Invoices of which the node said something that cannot be read: how they stand now is not known.
    pub unclear: HashSet<Label>,
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
    #[error("the node was put back to an older state")]
    Restored,
}

impl Follower {
    /// Of this node, into this store, by these rules.
    pub fn new(node: Node, store: Store, rules: Rules) -> Self {
        let progress = watch::Sender::new(Progress {
            link: Link::Connecting,
            applied: Position::START,
            confirmed_at: None,
            mirror: Mirror::Unknown,
            unclear: HashSet::new(),
        });
        Self {
            node,
            store,
            labels: rules.labels,
            ownership: Ownership::new(rules.adoption, rules.key),
            prune_after: rules.prune_after,
            forget_after: rules.forget_after,
            progress,
            requests: Requests::new(),
        }
    }

    /// What asks this follower to reconcile while it runs.
    pub fn reconciler(&self) -> Reconciler {
        Reconciler::new(&self.requests, self.progress())
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
                progress.applied = Position::START;
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

    /// Brings the store up to date and goes through all of the node's invoices, not only the newest. For a follower that
    /// does not run; one that runs is asked by [`Follower::reconciler`].
    ///
    /// # Errors
    /// [`Error`] when the node or the store fails.
    pub async fn reconcile(&self) -> Result<Report, Error> {
        let mut session = self.start().await?;
        self.go_through(&mut session).await?;
        Ok(session.report)
    }

    /// From connecting to losing the connection. The pause before the next session is short again once following works.
    pub(super) async fn session(&self, pause: &mut Duration) -> Result<Infallible, Error> {
        let mut connections = self.node.watch_connections().await?;
        let mut session = self.start().await?;
        self.adopt(&mut session).await?;
        self.progress.send_modify(|progress| {
            progress.mirror = Mirror::Complete;
            progress.link = Link::Following;
        });
        let (node, position) = (&session.node, session.feed.position().number());
        tracing::info!(%node, position, "following the node");
        self.warn_of_retention().await;
        self.look_after(&mut session).await;
        loop {
            let mut watch = session.feed.watch(connections);
            *pause = PAUSES.0;
            let mut doubt = pin!(sleep(UPKEEP));
            loop {
                tokio::select! {
                    news = watch.next(session.feed.position()) => {
                        self.apply_news(&mut session, news?).await?;
                    }
                    () = due(session.sweep) => self.sweep(&mut session).await?,
                    request = self.requests.next() => {
                        self.answer(request, &mut session).await?;
                    }
                    () = &mut doubt => break,
                }
            }
            // The connections may hang on a node that is gone or stuck: ask otherwise, and wait on new ones.
            let (continuity, now) = session.feed.continuity().await?;
            if continuity == Continuity::Restored {
                return Err(Error::Restored);
            }
            self.catch_up(&mut session, now).await?;
            if !session.feed.has_seen_deletions().await? {
                self.sweep(&mut session).await?;
            }
            // What we created ourselves need not be asked for.
            let complete = self.store.whole_until(session.feed.created_until());
            session.feed.skip_created(complete.await?);
            self.adopt(&mut session).await?;
            self.look_after(&mut session).await;
            connections = self.node.watch_connections().await?;
        }
    }

    /// Applies what the node tells.
    async fn apply_news(&self, session: &mut Session, news: News) -> Result<(), Error> {
        let began = Instant::now();
        match news {
            News::Paid(paid) => {
                session.feed.take_in_payment();
                self.take_in(session, &[*paid]).await?;
            }
            News::Changed { to, early } => {
                session.feed.keep_early(early);
                self.catch_up(session, to).await?;
            }
            News::Deleted(deletion) => self.deleted(session, deletion).await?,
        }
        metrics::applied(began.elapsed());
        Ok(())
    }

    /// Takes in what the node made since the last time and the store lacks, and says what was different so far.
    pub(super) async fn adopt(&self, session: &mut Session) -> Result<(), Error> {
        self.walk_created(session).await?;
        let report = mem::take(&mut session.report);
        self.warn_of_adopted(&report);
        if report.is_news() {
            tracing::info!(%report, "reconciled with the node");
        }
        Ok(())
    }

    pub(super) fn lost(&self, error: &Error) {
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
            progress.applied = Position::START;
        });
    }
}

/// When open invoices are to be looked up.
pub(super) async fn due(sweep: Sweep) {
    match sweep {
        Sweep::NotDue { .. } => pending().await,
        Sweep::Due(at) => sleep_until(at).await,
    }
}
