//! All hold invoices: finding, adding, changing and forgetting them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    entry::Entry,
    step::{CallId, Refusal, Rules, Step, unknown},
};
use crate::{
    bytes::Bytes32,
    hold::{Hold, State},
    htlc::Verdict,
};

/// All hold invoices.
#[derive(Debug)]
pub(crate) struct Machine {
    pub(super) entries: BTreeMap<String, Entry>,
    by_hash: HashMap<Bytes32, String>,
    /// Those that can still change: few, while the others pile up.
    pub(super) open: BTreeSet<String>,
    /// Those that are being made, by their payment hash.
    making: HashMap<Bytes32, String>,
    /// How many changes there were so far.
    changes: u64,
    /// The highest block that was heard of; 0 before the first.
    pub(super) height: u32,
    pub(super) rules: Rules,
}

impl Machine {
    /// With what is in the journal. Nothing is live yet: lightningd offers all HTLCs again.
    pub(crate) fn new(holds: Vec<Hold>, changes: u64, rules: Rules) -> Self {
        let mut machine = Self {
            entries: BTreeMap::new(),
            by_hash: HashMap::new(),
            open: BTreeSet::new(),
            making: HashMap::new(),
            changes,
            height: 0,
            rules,
        };
        for hold in holds {
            machine.changes = machine.changes.max(hold.change);
            machine.put(Entry::new(hold));
        }
        machine
    }

    /// How an HTLC of this amount is refused.
    pub(crate) fn refusal(&self, amount_msat: u64) -> Verdict {
        unknown(amount_msat, self.height)
    }

    /// All payment hashes of hold invoices.
    pub(crate) fn hashes(&self) -> impl Iterator<Item = Bytes32> {
        self.by_hash.keys().copied()
    }

    /// How many changes there were.
    pub(crate) fn changes(&self) -> u64 {
        self.changes
    }

    /// The hold invoice with that label.
    pub(crate) fn get(&self, label: &str) -> Option<&Hold> {
        self.entries.get(label).map(|entry| &entry.hold)
    }

    /// All that are open, or all.
    pub(crate) fn list(&self, open_only: bool) -> impl Iterator<Item = &Hold> {
        let holds = self.entries.values().map(|entry| &entry.hold);
        holds.filter(move |hold| !open_only || hold.is_open())
    }

    /// The first in the order of changes whose last change is that one or later.
    pub(crate) fn changed_since(&self, next: u64) -> Option<&Hold> {
        let changed = self.list(false).filter(|hold| hold.change >= next);
        changed.min_by_key(|hold| hold.change)
    }

    /// Reserves label and hash for one that is about to be made.
    pub(crate) fn begin(&mut self, label: &str, hash: Bytes32) -> Result<(), Refusal> {
        if self.entries.contains_key(label) || self.making.values().any(|made| made == label) {
            return Err(Refusal::DuplicateLabel);
        }
        if self.by_hash.contains_key(&hash) || self.making.contains_key(&hash) {
            return Err(Refusal::DuplicateHash);
        }
        self.making.insert(hash, label.to_owned());
        Ok(())
    }

    /// One that was being made will not be.
    pub(crate) fn abandon(&mut self, hash: &Bytes32) {
        self.making.remove(hash);
    }

    /// One was made.
    pub(crate) fn create(&mut self, hold: Hold) -> Step {
        let label = hold.label.clone();
        self.making.remove(&hold.payment_hash);
        self.put(Entry::new(hold));
        let mut step = Step::default();
        self.change(&label, State::Unpaid, &mut step);
        step
    }

    /// What a hold invoice was before a step, to go back to.
    pub(crate) fn save(&self, label: &str) -> Option<Entry> {
        self.entries.get(label).cloned()
    }

    /// The same by its payment hash.
    pub(crate) fn save_by_hash(&self, hash: &Bytes32) -> Option<Entry> {
        self.save(self.by_hash.get(hash)?)
    }

    /// Goes back to what a hold invoice was.
    pub(crate) fn restore(&mut self, label: &str, saved: Option<Entry>) {
        match saved {
            Some(entry) => self.put(entry),
            None => self.forget(label),
        }
    }

    /// Forgets those that ended before a time; returns their labels.
    pub(crate) fn prune(&mut self, before: u64) -> Vec<String> {
        let over = |entry: &&Entry| {
            let ended = match &entry.hold.state {
                State::Cancelled { at } | State::Expired { at } => Some(*at),
                State::Paid(held) => Some(held.accepted_at),
                State::Unpaid | State::Accepted(_) | State::Settling(_) => None,
            };
            entry.live.is_empty() && ended.is_some_and(|ended| ended < before)
        };
        let over = self.entries.values().filter(over);
        let labels: Vec<_> = over.map(|entry| entry.hold.label.clone()).collect();
        for label in &labels {
            self.forget(label);
        }
        labels
    }

    /// The HTLCs that are held.
    pub(crate) fn live_calls(&self) -> impl Iterator<Item = CallId> {
        let live = self.entries.values().flat_map(|entry| &entry.live);
        live.map(|live| live.call)
    }

    /// Forgets HTLCs that lightningd does not wait with any more.
    pub(crate) fn keep_calls(&mut self, waits: impl Fn(CallId) -> bool) {
        for entry in self.entries.values_mut() {
            entry.live.retain(|live| waits(live.call));
        }
    }

    pub(super) fn by_hash(&mut self, hash: &Bytes32) -> Option<&mut Entry> {
        self.entries.get_mut(self.by_hash.get(hash)?)
    }

    pub(super) fn put(&mut self, entry: Entry) {
        let label = entry.hold.label.clone();
        match entry.hold.is_open() {
            true => self.open.insert(label.clone()),
            false => self.open.remove(&label),
        };
        self.by_hash.insert(entry.hold.payment_hash, label.clone());
        self.entries.insert(label, entry);
    }

    pub(super) fn forget(&mut self, label: &str) {
        self.open.remove(label);
        if let Some(entry) = self.entries.remove(label) {
            self.by_hash.remove(&entry.hold.payment_hash);
        }
    }

    /// Puts one into a state, which is a change.
    pub(super) fn change(&mut self, label: &str, state: State, step: &mut Step) {
        let Some(entry) = self.entries.get_mut(label) else {
            return;
        };
        self.changes += 1;
        entry.hold.change = self.changes;
        entry.hold.state = state;
        if !entry.hold.is_open() {
            self.open.remove(label);
        }
        step.changed.push(label.to_owned());
    }

    /// Fails all HTLCs that are held for one.
    pub(super) fn fail_live(&mut self, label: &str, step: &mut Step) {
        let height = self.height;
        if let Some(entry) = self.entries.get_mut(label) {
            entry.since = None;
            for live in entry.live.drain(..) {
                let verdict = unknown(live.part.amount_msat, height);
                step.answers.push((live.call, verdict));
            }
        }
    }
}
