//! Following: from connecting to losing the connection, again and again.

use std::{
    convert::Infallible,
    future::pending,
    mem,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant as StdInstant},
};

use futures_util::FutureExt;
use tokio::time::{
    Instant, Interval, MissedTickBehavior, interval, interval_at, sleep, sleep_until,
};
use tokio_util::sync::CancellationToken;

use crate::sync::{
    deadlines::HOLD_INTERVAL,
    error::Error,
    follower::Follower,
    holds::Listing,
    maintenance::MAINTENANCE_INTERVAL,
    progress::{Link, Mirror},
    report::Report,
    requests::{ReconcileError, Request},
    session::{Session, Sweep},
};
use facture_node::{Confirmation, Continuity, News, Node, Position};
use facture_runtime::metrics;

/// The first and the longest pause before the node is tried again. A connect to a unix socket costs next to nothing, and
/// buyers wait.
pub(super) const PAUSES: (Duration, Duration) =
    (Duration::from_millis(20), Duration::from_millis(500));

/// How often it is seen which invoices have expired, where the node does not tell, and how long after that.
const EXPIRY_INTERVAL: Duration = Duration::from_secs(1);

impl Follower {
    /// Follows until it is stopped; reconnects to the node whenever it was lost.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let mut pause = PAUSES.0;
        // A session that panicked could not report it.
        self.progress.send_if_modified(|progress| {
            let was_following = progress.link == Link::Following;
            if was_following {
                progress.link = Link::Disconnected("starting again".to_owned());
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
            self.record_disconnect(&error);
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
        self.reconcile_all(&mut session).await?;
        Ok(session.report)
    }

    /// From connecting to losing the connection. The pause before the next session is short again once following works.
    pub(super) async fn session(&self, pause: &mut Duration) -> Result<Infallible, Error> {
        let mut session = self.start().await?;
        session.open_watch().await?;
        self.adopt(&mut session).await?;
        self.look_after_holds(&session, Listing::All).await;
        self.progress.send_modify(|progress| {
            progress.mirror = Mirror::Complete;
            progress.link = Link::Following;
        });
        let (node, position) = (&session.node, session.feed.position().number());
        tracing::info!(%node, position, "following the node");
        self.warn_of_retention().await;
        self.warn_of_rights().await;
        self.run_maintenance(&mut session).await;
        let mut holds = interval_at(Instant::now() + HOLD_INTERVAL, HOLD_INTERVAL);
        holds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut expiry = ExpiryTimer::of(&self.node);
        loop {
            *pause = PAUSES.0;
            let mut watchdog = pin!(sleep(MAINTENANCE_INTERVAL));
            loop {
                let sweep = session.sweep;
                tokio::select! {
                    news = session.next_news() => {
                        self.apply_news(&mut session, news?).await?;
                    }
                    () = due(sweep) => self.sweep_step(&mut session).await?,
                    () = expiry.next() => {
                        self.settle_overdue_since(&mut session, EXPIRY_INTERVAL).await?;
                    }
                    request = self.requests.next() => {
                        self.handle_request(request, &mut session).await?;
                    }
                    _ = holds.tick() => self.watch_holds(&session).await,
                    () = &mut watchdog => break,
                }
                if session.feed.is_watch_outdated() {
                    break;
                }
            }
            // The connections may hang on a node that is gone or stuck: ask otherwise, and wait on new ones.
            let (continuity, now) = session.feed.continuity().await?;
            if continuity == Continuity::Restored {
                return Err(Error::Restored);
            }
            session.open_watch().await?;
            self.catch_up(&mut session, now).await?;
            self.sweep_after_deletions(&mut session).await?;
            // Invoices that we created ourselves need no call.
            let complete = self.store.contiguous_until(session.feed.created_until());
            session.feed.skip_created(complete.await?);
            self.adopt(&mut session).await?;
            self.run_maintenance(&mut session).await;
        }
    }

    /// Applies what the node has told until now, if it does not count its changes: they cannot be asked for.
    pub(super) async fn apply_told(&self, session: &mut Session) -> Result<(), Error> {
        if self.node.confirmation() == Confirmation::ByPosition {
            return Ok(());
        }
        while !session.feed.is_watch_outdated()
            && let Some(news) = session.next_news().now_or_never()
        {
            self.apply_news(session, news?).await?;
        }
        Ok(())
    }

    /// Applies the node's news.
    async fn apply_news(&self, session: &mut Session, news: News) -> Result<(), Error> {
        let began = StdInstant::now();
        match news {
            News::Paid(paid) => {
                session.feed.advance_by(&paid);
                self.apply_listed(session, &paid).await?;
            }
            News::Changed { to, early } => {
                session.feed.buffer_payments(early);
                self.catch_up(session, to).await?;
            }
            News::Compare => session.compare_soon(),
            News::LookUp { label } => self.look_up(session, &label).await?,
            News::Deleted(deletion) => self.apply_deletion(session, deletion).await?,
        }
        metrics::applied(began.elapsed());
        Ok(())
    }

    /// Takes in what the node made since the last time and the store lacks, and says what was different so far.
    pub(super) async fn adopt(&self, session: &mut Session) -> Result<(), Error> {
        self.adopt_created(session).await?;
        let report = mem::take(&mut session.report);
        self.warn_of_adopted(&report);
        if report.is_news() {
            let Report {
                adopted,
                changed,
                cancelled,
                ..
            } = report;
            tracing::info!(adopted, changed, cancelled, "reconciled with the node");
        }
        Ok(())
    }

    /// Carries out a request; the session continues afterwards.
    pub(super) async fn handle_request(
        &self,
        request: Request,
        session: &mut Session,
    ) -> Result<(), Error> {
        // What was different before is reported where it was found.
        let before = mem::take(&mut session.report);
        let outcome = self.reconcile_all(session).await;
        let report = mem::replace(&mut session.report, before);
        // The caller may have left.
        let _ = request.send(match &outcome {
            Ok(()) => Ok(report),
            Err(error) => Err(ReconcileError(error.to_string())),
        });
        outcome
    }

    pub(super) fn record_disconnect(&self, error: &Error) {
        let reason = error.to_string();
        let news = self.progress.borrow().link != Link::Disconnected(reason.clone());
        if news {
            tracing::warn!(
                error = error as &dyn std::error::Error,
                "following broke off, trying again"
            );
        }
        self.progress.send_modify(|progress| {
            progress.link = Link::Disconnected(reason);
            // Whatever comes back may be another copy of the node.
            progress.applied = Position::START;
        });
    }
}

/// Tells when to see which invoices have expired, on a node that does not tell.
struct ExpiryTimer(Option<Interval>);

impl ExpiryTimer {
    fn of(node: &Node) -> Self {
        Self(match node.confirmation() {
            Confirmation::ByPosition => None,
            Confirmation::ByLookup => {
                let mut interval = interval(EXPIRY_INTERVAL);
                interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
                Some(interval)
            }
        })
    }

    async fn next(&mut self) {
        match &mut self.0 {
            Some(interval) => drop(interval.tick().await),
            None => pending().await,
        }
    }
}

/// When open invoices are to be looked up.
pub(super) async fn due(sweep: Sweep) {
    match sweep {
        Sweep::NotDue { .. } => pending().await,
        Sweep::Due(at) => sleep_until(at).await,
    }
}
