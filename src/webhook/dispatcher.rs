//! Decides which delivery is tried when. Who is slow waits alone: each receiver has few places.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use tokio::{
    sync::{Notify, mpsc},
    task::JoinSet,
    time::{MissedTickBehavior, interval, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    Options, Render, Webhooks, attempt::Sender, client::Client, recorder::Recorder, resolve,
};
use crate::{
    clock::{Clock, before},
    store::{Attempted, Error, Store},
    tls::TlsError,
};

/// The most attempts under way at one receiver, and in all. When half of all are under way each receiver has one: a
/// crowd that hangs does not keep the others out.
const PER_RECEIVER: usize = 4;
pub(super) const TOTAL: usize = 128;

/// As many as may be under way, and as many that could follow.
const LOOK_AHEAD: u32 = 8;

/// It looks by itself now and then: `facture reconcile` beside us writes events too.
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
    nudge: Arc<Notify>,
    claims: Claims,
}

/// What is under way, by its place among all deliveries. It is in memory only: one server uses a data directory.
#[derive(Clone, Debug, Default)]
pub(super) struct Claims(Arc<Mutex<Claimed>>);

#[derive(Debug, Default)]
struct Claimed {
    /// Until what came of it is written: the receiver of each.
    under_way: HashMap<u64, String>,
    /// Those of which that was written since the present list of what waits was asked for: it may have them as they were.
    outdated: HashSet<u64>,
}

impl Dispatcher {
    /// Sends what is in the store of `webhooks`, in the form that `render` gives it.
    ///
    /// # Errors
    /// When no connection could ever be secured.
    pub fn new(webhooks: &Webhooks, render: Render, options: Options) -> Result<Self, TlsError> {
        let client = Client::new(options.allowed, options.deadline, resolve::system())?;
        Ok(Self {
            sender: Sender {
                store: webhooks.store.clone(),
                clock: webhooks.clock.clone(),
                client,
                render,
            },
            nudge: webhooks.nudge.clone(),
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
            nudge: self.nudge.clone(),
        };
        // Together: if one of them panics, both begin again.
        tokio::join!(self.dispatch(ended, &stop), recorder.run(attempted, &stop));
    }

    async fn dispatch(&self, ended: mpsc::Sender<Attempted>, stop: &CancellationToken) {
        let mut under_way = JoinSet::new();
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
                () = self.nudge.notified() => {}
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
        let waiting = self.store().waiting(LOOK_AHEAD).await?;
        let now = self.clock().now().as_millisecond();
        for waiting in waiting {
            if waiting.due_at > now {
                // They come in this order.
                return Ok(Timestamp::from_millisecond(waiting.due_at).map_or(Next::Idle, Next::At));
            }
            if !self.claims.take(waiting.place, &waiting.receiver) {
                continue;
            }
            let (sender, ended) = (self.sender.clone(), ended.clone());
            let (claims, nudge) = (self.claims.clone(), self.nudge.clone());
            under_way.spawn(async move {
                match sender.attempt_caught(waiting.place).await {
                    // Fails only when the receiver panicked: then all begins again.
                    Some(attempted) => drop(ended.send(attempted).await),
                    None => {
                        claims.release(waiting.place);
                        nudge.notify_one();
                    }
                }
            });
        }
        Ok(Next::Idle)
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

    /// Forgets some old deliveries. Whether there are more.
    async fn forget(&self) -> bool {
        let old = before(self.clock().now(), KEPT);
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

impl Claims {
    /// To be called before the list of what waits is asked for.
    fn look(&self) {
        self.claimed().outdated.clear();
    }

    /// False when it is under way already, or was when the list was asked for, or there is no room.
    fn take(&self, place: u64, receiver: &str) -> bool {
        let mut claimed = self.claimed();
        let Claimed {
            under_way,
            outdated,
        } = &mut *claimed;
        let busy = || under_way.values().filter(|busy| *busy == receiver).count();
        let share = match under_way.len() < TOTAL / 2 {
            true => PER_RECEIVER,
            false => 1,
        };
        let known = under_way.contains_key(&place) || outdated.contains(&place);
        if known || under_way.len() >= TOTAL || busy() >= share {
            return false;
        }
        under_way.insert(place, receiver.to_owned());
        true
    }

    /// Whoever does this wakes the dispatcher afterwards.
    pub(super) fn release(&self, place: u64) {
        let mut claimed = self.claimed();
        claimed.under_way.remove(&place);
        claimed.outdated.insert(place);
    }

    fn clear(&self) {
        *self.claimed() = Claimed::default();
    }

    fn claimed(&self) -> MutexGuard<'_, Claimed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_of_it_since_the_list_was_asked_for_is_not_on_it() {
        let claims = Claims::default();
        claims.look();
        assert!(claims.take(1, "receiver"));
        claims.look();
        claims.release(1);
        assert!(!claims.take(1, "receiver"));
        claims.look();
        assert!(claims.take(1, "receiver"));
    }

    #[test]
    fn a_crowd_of_receivers_that_hang_leaves_room_for_others() {
        let claims = Claims::default();
        let mut place = 0;
        // 32 of them with four each would have every place.
        for round in 0..PER_RECEIVER {
            for receiver in 0..32 {
                place += 1;
                let taken = claims.take(place, &format!("slow{receiver}"));
                assert_eq!(taken, round < 2, "{round} {receiver}");
            }
        }
        for receiver in 0..TOTAL / 2 {
            place += 1;
            assert!(claims.take(place, &format!("quick{receiver}")));
        }
        assert!(!claims.take(place + 1, "one more"));
        claims.release(1);
        assert!(claims.take(place + 1, "one more"));
    }
}
