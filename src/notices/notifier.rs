//! Writes the notices of sales, and sends what waits.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    queues::{Queues, Turn},
    reply::NotSent,
    service::Notices,
};
use facture_domain::notice::{NoticeFailure, NoticeRule};
use facture_runtime::{
    clock::{Clock, before},
    metrics, supervisor,
};
use facture_store::{Error, NoticeAttempt, NoticeResult};

/// Sales that come within this time become notices in one unit of work.
const GATHER_INTERVAL: Duration = Duration::from_millis(500);

/// How often it looks when nothing wakes it: a clock that is set forward does not.
const POLL_INTERVAL: Duration = Duration::from_secs(10);

/// How long it waits when the store cannot be read or written.
const STORE_RETRY_DELAY: Duration = Duration::from_secs(1);

/// How long messages in progress may take at shutdown.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);

/// As many notices of a rule at most become one message.
const MAX_GATHERED: u32 = 500;

/// What is older is given up when it cannot be sent.
const GIVE_UP_AFTER: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// How long notices are retained that were sent or given up, and how often some are pruned: few at a time.
const RETENTION: Duration = Duration::from_secs(30 * 24 * 60 * 60);
const PRUNE_INTERVAL: Duration = Duration::from_secs(60 * 60);
const MAX_PRUNED: u32 = 500;

/// Sends the waiting notices.
pub struct Notifier {
    notices: Notices,
    clock: Clock,
}

/// A message that was sent or not, of the rule with this number.
struct Ended {
    rule: u64,
    result: Result<(), NotSent>,
}

impl Notifier {
    /// Of these notices.
    pub fn new(notices: Notices, clock: Clock) -> Self {
        Self { notices, clock }
    }

    /// Sends until it is stopped. Messages in progress get a moment to end; those cut off are sent again after the next start.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let mut queues = Queues::default();
        let mut in_flight = JoinSet::new();
        // Before the first query: what comes in between is not missed.
        let hub = self.notices.store.hub();
        let (mut events, mut written) = (hub.listen_all(), hub.listen_notices());
        let mut pruning = interval(PRUNE_INTERVAL);
        pruning.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let shared = Arc::clone(&self.notices.shared);
        loop {
            let next = match self.start_due(&mut queues, &mut in_flight).await {
                Ok(next) => next,
                Err(error) => {
                    tracing::error!(%error, "notices cannot be read or written");
                    sleep(STORE_RETRY_DELAY).await;
                    None
                }
            };
            let gathered = async {
                events.changed().await;
                // What is cut off here is read at the beginning of the next round.
                sleep(GATHER_INTERVAL).await;
            };
            tokio::select! {
                () = stop.cancelled() => break,
                () = gathered => {}
                () = written.changed() => {}
                () = shared.retry.notified() => queues.retry_now(),
                Some(ended) = in_flight.join_next() => {
                    if let Ok(Ended { rule, result }) = ended {
                        queues.end(rule, &result, rand::random(), self.clock.now());
                    }
                }
                () = self.wait(next) => {}
                _ = pruning.tick() => self.prune().await,
            }
        }
        let last = async { while in_flight.join_next().await.is_some() {} };
        if timeout(SHUTDOWN_TIMEOUT, last).await.is_err() {
            in_flight.shutdown().await;
        }
    }

    /// Writes the notices of sales, and starts what can be sent: when there is more to do, if that is known.
    async fn start_due(
        &self,
        queues: &mut Queues,
        in_flight: &mut JoinSet<Ended>,
    ) -> Result<Option<Timestamp>, Error> {
        let store = &self.notices.store;
        while store.collect_sale_notices().await? {}
        let now = self.clock.now();
        let mut next: Option<Timestamp> = None;
        for number in store.rules_with_waiting_notices().await? {
            let Some(rule) = store.notice_rule(number).await? else {
                continue;
            };
            match queues.turn(&rule, now) {
                Turn::Now => {
                    queues.begin(&rule);
                    let (notices, clock) = (self.notices.clone(), self.clock.clone());
                    in_flight.spawn(async move {
                        let sending = send(&notices, &clock, &rule);
                        let result = supervisor::catch_panic("notice", sending).await;
                        Ended {
                            rule: rule.number,
                            result: result.unwrap_or_else(|| Err(own_fault("a bug"))),
                        }
                    });
                }
                Turn::At(at) => next = Some(next.map_or(at, |next| next.min(at))),
                Turn::Later => {}
            }
        }
        Ok(next)
    }

    async fn wait(&self, next: Option<Timestamp>) {
        match next {
            Some(at) => tokio::select! {
                () = self.clock.sleep_until(at) => {}
                () = sleep(POLL_INTERVAL) => {}
            },
            None => sleep(POLL_INTERVAL).await,
        }
    }

    async fn prune(&self) {
        let old = before(self.clock.now(), RETENTION);
        if let Err(error) = self.notices.store.forget_notices(old, MAX_PRUNED).await {
            tracing::warn!(%error, "old notices cannot be forgotten");
        }
    }
}

/// Sends the notices of a rule that wait, in one message, and records what came of it.
async fn send(notices: &Notices, clock: &Clock, rule: &NoticeRule) -> Result<(), NotSent> {
    let waiting = notices.store.waiting_notices(rule.number, MAX_GATHERED);
    let waiting = match waiting.await {
        Ok(waiting) if waiting.is_empty() => return Ok(()),
        Ok(waiting) => waiting,
        Err(error) => {
            tracing::error!(%error, rule = rule.number, "notices cannot be read");
            return Err(own_fault("the records cannot be read"));
        }
    };
    let shared = &notices.shared;
    let message = shared.texts.message(&waiting);
    let sent = shared
        .channels
        .send(shared.texts.shop(), &rule.target, &message)
        .await;
    let result = match &sent {
        Ok(_) => NoticeResult::Sent,
        Err(NotSent {
            failure, answer, ..
        }) => NoticeResult::Failed {
            failure: *failure,
            answer: answer.clone(),
            give_up_before: match failure {
                NoticeFailure::Refused => Timestamp::MAX,
                _ => before(clock.now(), GIVE_UP_AFTER),
            },
        },
    };
    report(rule, &result);
    let numbers = waiting.iter().map(|notice| notice.number);
    let attempt = NoticeAttempt {
        rule: rule.number,
        numbers: numbers.collect(),
        result,
    };
    // What is not written would be sent again.
    while let Err(error) = notices.store.record_notices(attempt.clone()).await {
        tracing::error!(%error, "what came of notices cannot be written");
        sleep(STORE_RETRY_DELAY).await;
    }
    sent.map(drop)
}

/// Never the address: it may be a secret.
fn report(rule: &NoticeRule, result: &NoticeResult) {
    let (rule, channel) = (rule.number, rule.target.channel().as_str());
    match result {
        NoticeResult::Sent => {
            metrics::notice_attempted("sent");
            tracing::debug!(rule, channel, "notice sent");
        }
        NoticeResult::Failed {
            failure, answer, ..
        } => {
            metrics::notice_attempted(match failure {
                NoticeFailure::Refused => "refused",
                _ => "again",
            });
            let failure = failure.as_str();
            tracing::warn!(rule, channel, failure, answer, "notice not taken");
        }
    }
}

fn own_fault(words: &str) -> NotSent {
    NotSent::new(NoticeFailure::Internal, words)
}
