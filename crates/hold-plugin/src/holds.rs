//! The state machine with its journal, one step at a time: a step is written before anything of it can be seen.

use std::{
    collections::HashSet,
    sync::{PoisonError, RwLock},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use tokio::sync::{Mutex, oneshot, watch};

use crate::{
    bytes::Bytes32,
    engine::Engine,
    error::CallError,
    faults::{Faults, Point},
    hold::Hold,
    htlc::{Htlc, Verdict},
    journal::{Contents, Journal, JournalError, Temporary},
    machine::{Left, Machine, Now, Rules, Settle, Step},
};

/// What has ended is remembered for so long: facture may have been away.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// All hold invoices. Calls come from many tasks.
#[derive(Debug)]
pub(crate) struct Holds {
    engine: Mutex<Engine>,
    /// The payment hashes of hold invoices: for all others the hook is answered without waiting for anything.
    ours: RwLock<HashSet<Bytes32>>,
    changes: watch::Sender<u64>,
    started: Instant,
    faults: Faults,
}

impl Holds {
    /// With what was in the journal.
    pub(crate) fn new(journal: Journal, contents: Contents, rules: Rules, faults: Faults) -> Self {
        let machine = Machine::new(contents.holds, contents.changes, rules);
        Self {
            ours: RwLock::new(machine.hashes().collect()),
            changes: watch::Sender::new(machine.changes()),
            engine: Mutex::new(Engine::new(machine, journal)),
            started: Instant::now(),
            faults,
        }
    }

    /// Whether a hold invoice has this payment hash. It waits for nothing.
    pub(crate) fn is_ours(&self, hash: &Bytes32) -> bool {
        let ours = self.ours.read().unwrap_or_else(PoisonError::into_inner);
        ours.contains(hash)
    }

    /// An HTLC for a hold invoice: returns when it is decided what becomes of it, which may take days.
    pub(crate) async fn receive(&self, htlc: Htlc) -> Verdict {
        let (answer, verdict) = oneshot::channel();
        {
            let mut engine = self.engine.lock().await;
            let call = engine.add_call(answer);
            let saved = engine.machine.save_by_hash(&htlc.payment_hash);
            let step = engine.machine.receive(self.now(), call, htlc);
            let accepted = !step.changed.is_empty();
            match engine.write(&step.changed, Temporary::Same).await {
                Ok(()) => {
                    if accepted {
                        self.faults.reached(Point::AcceptedWritten);
                    }
                    self.release(&mut engine, step);
                }
                // What is not written is not held.
                Err(error) => {
                    tracing::error!("{error}: a payment is refused, as it cannot be written down");
                    engine.give_up(saved, call);
                }
            }
        }
        verdict.await.unwrap_or(Verdict::Continue)
    }

    /// How an HTLC is refused.
    pub(crate) async fn refusal(&self, amount_msat: u64) -> Verdict {
        self.engine.lock().await.machine.refusal(amount_msat)
    }

    /// Reserves label and hash for a hold invoice that is about to be made, with a temporary label.
    pub(crate) async fn begin(
        &self,
        label: &str,
        hash: Bytes32,
        temporary: &str,
    ) -> Result<(), CallError> {
        let mut engine = self.engine.lock().await;
        engine.machine.begin(label, hash)?;
        let note = Temporary::Note(temporary.to_owned());
        let written = engine.write(&[], note).await;
        written.map_err(|error| {
            engine.machine.abandon(&hash);
            not_written(&error)
        })?;
        self.faults.reached(Point::TemporaryNoted);
        Ok(())
    }

    /// A hold invoice is not made after all. `temporary`: the temporary label, if lightningd has nothing under it.
    pub(crate) async fn abandon(&self, hash: &Bytes32, temporary: Option<&str>) {
        let mut engine = self.engine.lock().await;
        engine.machine.abandon(hash);
        if let Some(temporary) = temporary {
            engine.forget_temporary(temporary).await;
        }
    }

    /// A hold invoice was made: from now on payments for it are held.
    pub(crate) async fn create(&self, hold: Hold, temporary: &str) -> Result<Hold, CallError> {
        let mut engine = self.engine.lock().await;
        let (label, hash) = (hold.label.clone(), hold.payment_hash);
        let step = engine.machine.create(hold);
        let forget = Temporary::Forget(temporary.to_owned());
        if let Err(error) = engine.write(&step.changed, forget).await {
            engine.machine.restore(&label, None);
            return Err(not_written(&error));
        }
        self.change_ours(|ours| {
            ours.insert(hash);
        });
        self.release(&mut engine, step);
        engine.get(&label)
    }

    /// A held payment is to be taken, with a preimage that has this hash.
    pub(crate) async fn settle(&self, label: &str, hash: Bytes32) -> Result<Settle, CallError> {
        let mut engine = self.engine.lock().await;
        let saved = engine.machine.save(label);
        let (settle, step) = engine.machine.settle(label, hash)?;
        if let Err(error) = engine.write(&step.changed, Temporary::Same).await {
            engine.machine.restore(label, saved);
            return Err(not_written(&error));
        }
        self.release(&mut engine, step);
        if matches!(settle, Settle::Capture(_)) {
            self.faults.reached(Point::SettlingWritten);
        }
        Ok(settle)
    }

    /// A payment is to be sent back, or no more expected. `None`: ask again, it is being taken.
    pub(crate) async fn cancel(&self, label: &str) -> Result<Option<Hold>, CallError> {
        let mut engine = self.engine.lock().await;
        let saved = engine.machine.save(label);
        let (hold, step) = engine.machine.cancel(label, self.now())?;
        if let Err(error) = engine.write(&step.changed, Temporary::Same).await {
            engine.machine.restore(label, saved);
            return Err(not_written(&error));
        }
        self.faults.reached(Point::CancelWritten);
        self.release(&mut engine, step);
        self.faults.reached(Point::PartsFailed);
        Ok(hold)
    }

    /// lightningd has the preimage: all parts of the payment go on.
    pub(crate) async fn captured(&self, label: &str) {
        self.step(|machine, _| machine.captured(label)).await;
    }

    /// lightningd does not have the preimage: the payment is still held.
    pub(crate) async fn not_captured(&self, label: &str) {
        self.step(|machine, _| machine.not_captured(label)).await;
    }

    /// What came of the taking is not known.
    pub(crate) async fn leave(&self, label: &str) {
        self.engine.lock().await.machine.leave(label);
    }

    /// Those whose taking nobody is at. From now on the caller is.
    pub(crate) async fn take_left(&self) -> Vec<Left> {
        self.engine.lock().await.machine.take_left(self.now())
    }

    /// lightningd has taken the payment.
    pub(crate) async fn paid(&self, label: &str) -> Result<Hold, CallError> {
        self.step(|machine, _| machine.paid(label)).await;
        self.engine.lock().await.get(label)
    }

    /// lightningd could not take the payment, and will not.
    pub(crate) async fn failed(&self, label: &str) {
        self.step(|machine, now| machine.failed(label, now)).await;
    }

    /// The chain is so high.
    pub(crate) async fn grow(&self, height: u32) {
        self.step(|machine, now| {
            machine.grow(height);
            machine.tick(now)
        })
        .await;
    }

    /// With so many blocks left, held payments are sent back.
    pub(crate) async fn raise_limit(&self, blocks: u32) {
        self.engine.lock().await.machine.raise_limit(blocks);
    }

    /// Ends what is over.
    pub(crate) async fn tick(&self) {
        {
            let mut engine = self.engine.lock().await;
            engine.drop_broken_calls();
            engine.retry().await;
        }
        self.step(Machine::tick).await;
    }

    /// Forgets what ended long ago.
    pub(crate) async fn prune(&self) {
        let mut engine = self.engine.lock().await;
        let before = self.now().unix.saturating_sub(KEPT.as_secs());
        let forgotten = engine.machine.prune(before);
        if forgotten.is_empty() {
            return;
        }
        let ours = engine.machine.hashes().collect();
        self.change_ours(|known| *known = ours);
        if let Err(error) = engine.write(&forgotten, Temporary::Same).await {
            tracing::error!("{error}: what ended long ago could not be removed");
        }
    }

    /// A temporary label is not used any more.
    pub(crate) async fn forget_temporary(&self, temporary: &str) {
        self.engine.lock().await.forget_temporary(temporary).await;
    }

    /// The hold invoice with that label.
    pub(crate) async fn find(&self, label: &str) -> Option<Hold> {
        self.engine.lock().await.machine.get(label).cloned()
    }

    /// All hold invoices, or all that are open, with the number of changes.
    pub(crate) async fn list(&self, open_only: bool) -> (Vec<Hold>, u64) {
        let engine = self.engine.lock().await;
        let holds = engine.machine.list(open_only).cloned();
        (holds.collect(), engine.machine.changes())
    }

    /// How many changes there were.
    pub(crate) async fn changes(&self) -> u64 {
        self.engine.lock().await.machine.changes()
    }

    /// The first hold invoice, in the order of changes, whose last change is that one or later, once there is one.
    pub(crate) async fn changed_since(&self, next: u64) -> Hold {
        let mut changes = self.changes.subscribe();
        loop {
            changes.mark_unchanged();
            if let Some(hold) = self.engine.lock().await.machine.changed_since(next) {
                return hold.clone();
            }
            // The sender is in `self`.
            let _ = changes.changed().await;
        }
    }

    /// Returns at the next change, and after a while in any case.
    pub(crate) async fn pause(&self) {
        let mut changes = self.changes.subscribe();
        let _ = tokio::time::timeout(Duration::from_millis(200), changes.changed()).await;
    }

    /// A step that happens whether or not it can be written: what is seen of it is true anyway.
    async fn step(&self, step: impl FnOnce(&mut Machine, Now) -> Step) {
        let mut engine = self.engine.lock().await;
        let step = step(&mut engine.machine, self.now());
        if let Err(error) = engine.write(&step.changed, Temporary::Same).await {
            tracing::error!("{error}: a change of a hold invoice could not be written down");
        }
        self.release(&mut engine, step);
    }

    /// Lets a step be seen.
    fn release(&self, engine: &mut Engine, step: Step) {
        for (call, verdict) in step.answers {
            engine.answer(call, verdict);
        }
        if !step.changed.is_empty() {
            self.changes.send_replace(engine.machine.changes());
        }
    }

    fn change_ours(&self, change: impl FnOnce(&mut HashSet<Bytes32>)) {
        change(&mut self.ours.write().unwrap_or_else(PoisonError::into_inner));
    }

    fn now(&self) -> Now {
        let unix = SystemTime::now().duration_since(UNIX_EPOCH);
        Now {
            unix: unix.unwrap_or_default().as_secs(),
            uptime: self.started.elapsed(),
        }
    }
}

fn not_written(error: &JournalError) -> CallError {
    tracing::error!("{error}: a call is refused, as nothing can be written down");
    CallError::failed(format!("the plugin's journal cannot be written: {error}"))
}
