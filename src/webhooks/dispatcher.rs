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
    claims::{Claims, LOOK_AHEAD, TOTAL, places},
    client::Client,
    recorder::Recorder,
    resolve,
};
use crate::webhooks::service::{Render, Webhooks};
use facture_runtime::{
    clock::{Clock, before},
    tls::TlsError,
};
use facture_store::{Attempted, Error, Lane, Store};

/// It looks by itself now and then: a clock that is set forward wakes nobody.
const IDLE: Duration = Duration::from_secs(10);

/// How long it waits when the records cannot be read.
const TROUBLE: Duration = Duration::from_secs(1);

/// How long attempts that are under way may take at the end.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// How long finished deliveries are kept, and how often some are forgotten: few at a time, so that no payment waits.
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);
const FORGETTING: Duration = Duration::from_secs(60 * 60);
const FORGOTTEN_AT_ONCE: u32 = 500;

/// Sends what waits.
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
        let client = Client::new(&webhooks.options, resolve::system())?;
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

    /// Sends until it is told to stop. What is under way then is given a moment; what is cut off is sent again after the
    /// next start.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        // What was under way when a panic ended the last run is sent again.
        self.claims.clear();
        let (ended, attempted) = mpsc::channel(TOTAL);
        let recorder = Recorder {
            store: self.store().clone(),
            claims: self.claims.clone(),
            room: Arc::clone(&self.room),
        };
        // Together: if one of them panics, both begin again.
        tokio::join!(self.dispatch(ended, &stop), recorder.run(attempted, &stop));
    }

    async fn dispatch(&self, ended: mpsc::Sender<Attempted>, stop: &CancellationToken) {
        let mut under_way = JoinSet::new();
        // Before it looks for the first time: what comes in between is not missed.
        let mut outbox = self.store().hub().listen_outbox();
        let mut forgetting = interval(FORGETTING);
        forgetting.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let next = match self.start_due(&mut under_way, &ended).await {
                Ok(next) => next,
                Err(error) => {
                    tracing::error!(%error, "webhooks cannot be read");
                    Next::Trouble
                }
            };
            tokio::select! {
                () = stop.cancelled() => break,
                () = outbox.news() => {}
                () = self.room.notified() => {}
                () = self.wait(next) => {}
                _ = forgetting.tick() => {
                    if self.forget().await {
                        forgetting.reset_after(TROUBLE);
                    }
                }
            }
            while under_way.try_join_next().is_some() {}
        }
        let last = async { while under_way.join_next().await.is_some() {} };
        if timeout(LAST_ANSWERS, last).await.is_err() {
            under_way.shutdown().await;
        }
    }

    /// Starts what is due, as far as there is room.
    async fn start_due(
        &self,
        under_way: &mut JoinSet<()>,
        ended: &mpsc::Sender<Attempted>,
    ) -> Result<Next, Error> {
        self.claims.look();
        let now = self.clock().now();
        let mut due = Vec::new();
        for lane in Lane::ALL {
            // One that is full is looked at when there is room again, however much waits in it.
            if self.claims.has_room(lane) {
                let waiting = self.store().due(lane, now, places(lane), LOOK_AHEAD);
                due.extend(waiting.await?.into_iter().map(|waiting| (lane, waiting)));
            }
        }
        for (lane, waiting) in due {
            if !self.claims.take(waiting.place, lane, &waiting.receiver) {
                continue;
            }
            let (sender, ended) = (self.sender.clone(), ended.clone());
            let (claims, room) = (self.claims.clone(), Arc::clone(&self.room));
            under_way.spawn(async move {
                match sender.attempt_caught(waiting.place).await {
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
        Ok(next.map_or(Next::Idle, Next::At))
    }

    async fn wait(&self, next: Next) {
        match next {
            Next::At(due) => tokio::select! {
                () = self.clock().sleep_until(due) => {}
                () = sleep(IDLE) => {}
            },
            Next::Idle => sleep(IDLE).await,
            Next::Trouble => sleep(TROUBLE).await,
        }
    }

    /// Forgets some old deliveries, and receivers. Whether there are more.
    async fn forget(&self) -> bool {
        let old = before(self.clock().now(), KEPT);
        if let Err(error) = self.store().forget_receivers(old, FORGOTTEN_AT_ONCE).await {
            tracing::warn!(%error, "old receivers of webhooks cannot be forgotten");
        }
        match self.store().forget_deliveries(old, FORGOTTEN_AT_ONCE).await {
            Ok(forgotten) => forgotten >= u64::from(FORGOTTEN_AT_ONCE),
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
enum Next {
    At(Timestamp),
    Idle,
    Trouble,
}
