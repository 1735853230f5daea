//! The state machine, its journal, and the questions that wait for their answers: what a step needs, while no other is taken.

use std::collections::{BTreeSet, HashMap, HashSet};

use tokio::sync::oneshot;

use crate::{
    error::CallError,
    hold::{Hold, State},
    htlc::Verdict,
    journal::{Journal, JournalError, Temporary, Write},
    machine::{CallId, Entry, Machine},
};

/// All that a step may change.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) machine: Machine,
    journal: Journal,
    /// HTLCs that lightningd waits with.
    calls: HashMap<CallId, oneshot::Sender<Verdict>>,
    next_call: u64,
    /// What the journal may have wrong: it could not be written.
    unsaved: BTreeSet<String>,
}

impl Engine {
    /// With what was in the journal.
    pub(crate) fn new(machine: Machine, journal: Journal) -> Self {
        Self {
            machine,
            journal,
            calls: HashMap::new(),
            next_call: 0,
            unsaved: BTreeSet::new(),
        }
    }

    pub(crate) fn add_call(&mut self, answer: oneshot::Sender<Verdict>) -> CallId {
        self.next_call += 1;
        let call = CallId(self.next_call);
        self.calls.insert(call, answer);
        call
    }

    pub(crate) fn answer(&mut self, call: CallId, verdict: Verdict) {
        if let Some(answer) = self.calls.remove(&call) {
            // Whoever asked is gone with lightningd.
            let _ = answer.send(verdict);
        }
    }

    /// Where a task broke off: lightningd gets an answer, and what it was told is not held any more.
    pub(crate) fn drop_broken_calls(&mut self) {
        let live: HashSet<CallId> = self.machine.live_calls().collect();
        let orphans = self.calls.keys().filter(|call| !live.contains(call));
        for call in orphans.copied().collect::<Vec<_>>() {
            self.answer(call, Verdict::Continue);
        }
        let waits = |call| {
            self.calls
                .get(&call)
                .is_some_and(|answer| !answer.is_closed())
        };
        self.machine.keep_calls(waits);
    }

    /// A payment could not be written: all its parts fail, for now.
    pub(crate) fn give_up(&mut self, saved: Option<Entry>, last: CallId) {
        if let Some(mut entry) = saved {
            let calls: Vec<_> = match entry.hold.state {
                State::Unpaid => entry.drain().collect(),
                _ => Vec::new(),
            };
            let label = entry.hold.label.clone();
            self.machine.restore(&label, Some(entry));
            for call in calls {
                self.answer(call, Verdict::TemporaryFailure);
            }
        }
        self.answer(last, Verdict::TemporaryFailure);
    }

    /// Writes hold invoices as they are now, with what could not be written before. Nothing is written for no change.
    pub(crate) async fn write(
        &mut self,
        changed: &[String],
        temporary: Temporary,
    ) -> Result<(), JournalError> {
        if changed.is_empty() && matches!(temporary, Temporary::Same) {
            return Ok(());
        }
        self.unsaved.extend(changed.iter().cloned());
        self.write_unsaved(temporary).await
    }

    /// Tries again to write what could not be written before. That was logged then.
    pub(crate) async fn retry(&mut self) {
        if !self.unsaved.is_empty() {
            let _ = self.write_unsaved(Temporary::Same).await;
        }
    }

    async fn write_unsaved(&mut self, temporary: Temporary) -> Result<(), JournalError> {
        let mut write = Write {
            temporary,
            changes: self.machine.changes(),
            ..Write::default()
        };
        for label in &self.unsaved {
            match self.machine.get(label) {
                Some(hold) => write.holds.push(hold.clone()),
                None => write.forgotten.push(label.clone()),
            }
        }
        self.journal.write(write).await?;
        self.unsaved.clear();
        Ok(())
    }

    pub(crate) async fn forget_temporary(&mut self, temporary: &str) {
        let forget = Temporary::Forget(temporary.to_owned());
        if let Err(error) = self.write(&[], forget).await {
            tracing::warn!("{error}: a temporary label is looked at again at the next start");
        }
    }

    pub(crate) fn get(&self, label: &str) -> Result<Hold, CallError> {
        let hold = self.machine.get(label).cloned();
        hold.ok_or_else(|| CallError::failed("the hold invoice is gone"))
    }
}
