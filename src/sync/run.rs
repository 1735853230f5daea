//! Following: from connecting to losing the connection, again and again.

use std::{
    convert::Infallible,
    future::pending,
    mem,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::time::{sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::sync::{
    error::Error,
    follower::Follower,
    progress::{Link, Mirror},
    report::Report,
    requests::{NotReconciled, Request},
    session::{Session, Sweep},
    upkeep::UPKEEP,
};
use facture_node::{Continuity, News, Position};
use facture_runtime::metrics;

/// The first and the longest pause before the node is tried again. A connect to a unix socket costs next to nothing, and
/// buyers wait.
pub(super) const PAUSES: (Duration, Duration) =
    (Duration::from_millis(20), Duration::from_millis(500));

impl Follower {
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

    /// Does what is asked for; the session goes on where that ends.
    pub(super) async fn answer(
        &self,
        request: Request,
        session: &mut Session,
    ) -> Result<(), Error> {
        // What was different before is told by whoever found it.
        let before = mem::take(&mut session.report);
        let gone_through = self.go_through(session).await;
        let report = mem::replace(&mut session.report, before);
        // Whoever asked may be gone.
        let _ = request.send(match &gone_through {
            Ok(()) => Ok(report),
            Err(error) => Err(NotReconciled(error.to_string())),
        });
        gone_through
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
