//! What the steps of a payout share: the journal, the node, the server, the clock, and when to stop.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use facture_domain::payout::{PayerId, PayoutId};
use facture_runtime::{clock::Clock, fetch::Fetcher};
use jiff::Timestamp;
use tokio::{
    sync::Semaphore,
    task::spawn_blocking,
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

use crate::{
    config::Config,
    journal::{Entry, Journal, JournalError, Ledger, Record},
    node::Node,
    server::Server,
    totp::TotpSecret,
};

/// The first and the longest pause between two attempts.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The same for a payout that waits for somebody else: a destination that does not answer, an owner who has to approve.
const FIRST_RECHECK: Duration = Duration::from_secs(1);
const LONGEST_RECHECK: Duration = Duration::from_secs(60);

/// See the module.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) config: Config,
    pub(crate) node: Node,
    pub(crate) server: Server,
    pub(crate) fetcher: Fetcher,
    pub(crate) payer: PayerId,
    pub(crate) clock: Clock,
    /// When the journal was opened: since then, no other process pays with it.
    pub(crate) started_at: Timestamp,
    pub(crate) stopping: CancellationToken,
    /// What codes are checked with, one at a time.
    pub(crate) totp: Option<tokio::sync::Mutex<TotpSecret>>,
    /// Calls that pay: each has one.
    pub(crate) slots: Semaphore,
    journal: Mutex<Journal>,
    /// When payouts are looked at again that wait for somebody else.
    rechecks: Mutex<HashMap<PayoutId, Recheck>>,
}

/// Why a payout is left as it is.
#[derive(Debug)]
pub(crate) enum Halt {
    /// The payer stops. The next start goes on from the journal.
    Stopping,
    /// Nothing may be done any more.
    Journal(JournalError),
}

/// How far an order came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// As far as it goes.
    Done,
    /// It is to be looked at again: it waits for the node, or for an approval.
    Later,
}

/// Pauses between attempts, each longer than the one before: the next and the longest.
#[derive(Debug)]
pub(crate) struct Backoff(Duration, Duration);

/// When a payout is looked at again.
#[derive(Debug)]
struct Recheck {
    due: Instant,
    /// The pause after that.
    backoff: Backoff,
}

impl Backoff {
    pub(crate) fn new() -> Self {
        Self(FIRST_PAUSE, LONGEST_PAUSE)
    }
}

impl Engine {
    pub(crate) fn new(
        config: Config,
        node: Node,
        server: Server,
        fetcher: Fetcher,
        totp: Option<TotpSecret>,
        journal: Journal,
        clock: Clock,
    ) -> Arc<Self> {
        Arc::new(Self {
            slots: Semaphore::new(config.payments.into()),
            config,
            node,
            server,
            fetcher,
            totp: totp.map(tokio::sync::Mutex::new),
            payer: journal.payer().clone(),
            started_at: clock.now(),
            clock,
            stopping: CancellationToken::new(),
            journal: Mutex::new(journal),
            rechecks: Mutex::default(),
        })
    }

    /// Reads the sum of the journal.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Ledger) -> T) -> T {
        read(self.journal().ledger())
    }

    /// A payout that was begun.
    pub(crate) fn record(&self, payout: &PayoutId) -> Option<Record> {
        self.read(|ledger| ledger.payout(payout).cloned())
    }

    /// Writes an entry; it is on the disk when this returns.
    pub(crate) async fn write(self: &Arc<Self>, entry: Entry) -> Result<(), Halt> {
        self.write_if(entry, |_| Ok::<(), ()>(())).await.map(drop)
    }

    /// The same, if the sum of the journal allows it: nothing else is written in between.
    pub(crate) async fn write_if<E: Send + 'static>(
        self: &Arc<Self>,
        entry: Entry,
        allowed: impl FnOnce(&Ledger) -> Result<(), E> + Send + 'static,
    ) -> Result<Result<(), E>, Halt> {
        let engine = Arc::clone(self);
        let written = spawn_blocking(move || {
            let mut journal = engine.journal();
            if let Err(refusal) = allowed(journal.ledger()) {
                return Ok(Err(refusal));
            }
            let now = engine.clock.now();
            tracing::debug!(
                entry = entry.name(),
                payout = entry.payout().map(PayoutId::as_str),
                "journal"
            );
            journal.append(now, entry).map(Ok)
        });
        match written.await {
            Ok(written) => written.map_err(Halt::Journal),
            // It panicked, or the runtime ends.
            Err(_) => Err(Halt::Stopping),
        }
    }

    /// Waits, each time a little longer.
    pub(crate) async fn pause(&self, backoff: &mut Backoff) -> Result<(), Halt> {
        let until = Instant::now() + backoff.0;
        backoff.0 = (backoff.0 * 2).min(backoff.1);
        tokio::select! {
            () = sleep_until(until) => Ok(()),
            () = self.stopping.cancelled() => Err(Halt::Stopping),
        }
    }

    /// Leaves a payout that waits for somebody else alone, each time a little longer.
    pub(crate) fn back_off(&self, payout: &PayoutId) {
        let now = Instant::now();
        let mut rechecks = self.rechecks();
        // Orders may be gone, or be taken on: nobody asks for them any more.
        rechecks.retain(|_, recheck| recheck.due + LONGEST_RECHECK > now);
        let backoff = rechecks.remove(payout).map(|recheck| recheck.backoff);
        let Backoff(pause, longest) = backoff.unwrap_or(Backoff(FIRST_RECHECK, LONGEST_RECHECK));
        let recheck = Recheck {
            due: now + pause,
            backoff: Backoff((pause * 2).min(longest), longest),
        };
        rechecks.insert(payout.clone(), recheck);
    }

    /// Whether a payout is to be left alone.
    pub(crate) fn is_backing_off(&self, payout: &PayoutId) -> bool {
        let rechecks = self.rechecks();
        let recheck = rechecks.get(payout);
        recheck.is_some_and(|recheck| recheck.due > Instant::now())
    }

    fn rechecks(&self) -> MutexGuard<'_, HashMap<PayoutId, Recheck>> {
        self.rechecks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nothing new may be begun.
    pub(crate) fn go_on(&self) -> Result<(), Halt> {
        match self.stopping.is_cancelled() {
            true => Err(Halt::Stopping),
            false => Ok(()),
        }
    }

    fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
