//! Decides which delivery is tried when.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::{
    sync::{Notify, mpsc},
    task::JoinSet,
    time::{MissedTickBehavior, interval, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    attempt::Sender,
    claims::{Claims, MAX_ATTEMPTS, MAX_DUE_PER_RECEIVER, max_attempts},
    client::Client,
    recorder::{Recorder, STORE_RETRY_DELAY},
};
use crate::webhooks::service::{Render, Webhooks};
use facture_runtime::{
    clock::{Clock, before},
    guard,
    tls::TlsError,
};
use facture_store::{AttemptRecord, Error, Lane, Store};

/// How often it polls when nothing wakes it: a clock that is set forward does not.
const POLL_INTERVAL: Duration = Duration::from_secs(10);

/// How long attempts in progress may take at shutdown.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);

/// How long finished deliveries are retained, and how often some are pruned: few at a time, so that no payment waits.
const RETENTION: Duration = Duration::from_secs(30 * 24 * 60 * 60);
const PRUNE_INTERVAL: Duration = Duration::from_secs(60 * 60);
const MAX_PRUNED: u32 = 500;

/// Sends the waiting deliveries.
pub struct Dispatcher {
    sender: Sender,
    /// An attempt ended: there is room for others.
    room: Arc<Notify>,
    claims: Claims,
}

impl Dispatcher {
    /// Sends what is in the store of `webhooks`, in the form that `render` gives it.
    ///
    /// # Errors
    /// When no connection could ever be secured.
    pub fn new(webhooks: &Webhooks, render: Render) -> Result<Self, TlsError> {
        let client = Client::new(&webhooks.options, guard::system())?;
        Ok(Self {
            sender: Sender {
                store: webhooks.store.clone(),
                clock: webhooks.clock.clone(),
                client,
                render,
            },
            room: Arc::default(),
            claims: Claims::default(),
        })
    }

    /// Sends until it is stopped. Attempts in progress get a moment to finish; those cut off are sent again after the
    /// next start.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        // Attempts that a panic cut off in the last run are sent again.
        self.claims.clear();
        let (ended, attempted) = mpsc::channel(MAX_ATTEMPTS);
        let recorder = Recorder {
            store: self.store().clone(),
            claims: self.claims.clone(),
            room: Arc::clone(&self.room),
        };
        // Together: if one of them panics, both begin again.
        tokio::join!(self.dispatch(ended, &stop), recorder.run(attempted, &stop));
    }

    async fn dispatch(&self, ended: mpsc::Sender<AttemptRecord>, stop: &CancellationToken) {
        let mut in_flight = JoinSet::new();
        // Before the first query: what comes in between is not missed.
        let mut outbox = self.store().hub().listen_outbox();
        let mut pruning = interval(PRUNE_INTERVAL);
        pruning.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let next = match self.start_due(&mut in_flight, &ended).await {
                Ok(next) => next,
                Err(error) => {
                    tracing::error!(%error, "webhooks cannot be read");
                    NextCheck::Retry
                }
            };
            tokio::select! {
                () = stop.cancelled() => break,
                () = outbox.changed() => {}
                () = self.room.notified() => {}
                () = self.wait(next) => {}
                _ = pruning.tick() => {
                    if self.prune().await {
                        pruning.reset_after(STORE_RETRY_DELAY);
                    }
                }
            }
            while in_flight.try_join_next().is_some() {}
        }
        let last = async { while in_flight.join_next().await.is_some() {} };
        if timeout(SHUTDOWN_TIMEOUT, last).await.is_err() {
            in_flight.shutdown().await;
        }
    }

    /// Starts what is due, as far as there is room.
    async fn start_due(
        &self,
        in_flight: &mut JoinSet<()>,
        ended: &mpsc::Sender<AttemptRecord>,
    ) -> Result<NextCheck, Error> {
        self.claims.begin_round();
        let now = self.clock().now();
        let mut due = Vec::new();
        for lane in Lane::ALL {
            // One that is full is looked at when there is room again, however much waits in it.
            if self.claims.has_room(lane) {
                let waiting = self
                    .store()
                    .due(lane, now, max_attempts(lane), MAX_DUE_PER_RECEIVER);
                due.extend(waiting.await?.into_iter().map(|waiting| (lane, waiting)));
            }
        }
        for (lane, waiting) in due {
            if !self.claims.take(waiting.place, lane, &waiting.receiver) {
                continue;
            }
            let (sender, ended) = (self.sender.clone(), ended.clone());
            let (claims, room) = (self.claims.clone(), Arc::clone(&self.room));
            in_flight.spawn(async move {
                match sender.attempt_catching_panics(waiting.place).await {
                    // Fails only when the receiver panicked: then all begins again.
                    Some(attempted) => drop(ended.send(attempted).await),
                    None => {
                        claims.release(waiting.place);
                        room.notify_one();
                    }
                }
            });
        }
        let next = self.store().next_due(now).await?;
        Ok(next.map_or(NextCheck::Idle, NextCheck::At))
    }

    async fn wait(&self, check: NextCheck) {
        match check {
            NextCheck::At(due) => tokio::select! {
                () = self.clock().sleep_until(due) => {}
                () = sleep(POLL_INTERVAL) => {}
            },
            NextCheck::Idle => sleep(POLL_INTERVAL).await,
            NextCheck::Retry => sleep(STORE_RETRY_DELAY).await,
        }
    }

    /// Prunes some old deliveries, and receivers. Whether there are more.
    async fn prune(&self) -> bool {
        let old = before(self.clock().now(), RETENTION);
        if let Err(error) = self.store().forget_receivers(old, MAX_PRUNED).await {
            tracing::warn!(%error, "old receivers of webhooks cannot be forgotten");
        }
        match self.store().forget_deliveries(old, MAX_PRUNED).await {
            Ok(forgotten) => forgotten >= u64::from(MAX_PRUNED),
            Err(error) => {
                tracing::warn!(%error, "old deliveries of webhooks cannot be forgotten");
                false
            }
        }
    }

    fn store(&self) -> &Store {
        &self.sender.store
    }

    fn clock(&self) -> &Clock {
        &self.sender.clock
    }
}

/// When to look again, if nothing happens before.
enum NextCheck {
    At(Timestamp),
    Idle,
    Retry,
}
