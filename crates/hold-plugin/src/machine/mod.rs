//! The state machine: all hold invoices and the HTLCs that are held for them. No I/O and no clock: each step is told the
//! time, and says which HTLCs are answered how and which hold invoices have changed.

mod decide;
mod receive;
#[cfg(test)]
mod tests;
mod time;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

pub(crate) use self::decide::{Left, Settle};
use crate::{
    bytes::Bytes32,
    hold::{Hold, Part, State},
    htlc::{Htlc, Verdict},
};

/// A request of the hook that waits for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CallId(pub(crate) u64);

/// The time of a step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    /// Seconds since 1970.
    pub(crate) unix: u64,
    /// Since the plugin was started.
    pub(crate) uptime: Duration,
}

/// What the plugin goes by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// So long it waits for the other parts of a payment.
    pub(crate) mpp_timeout: Duration,
    /// With so many blocks left, a held payment is sent back.
    pub(crate) limit_blocks: u32,
    /// So long after its start, lightningd has offered again what was held before.
    pub(crate) replay_window: Duration,
}

/// All hold invoices.
#[derive(Debug)]
pub(crate) struct Machine {
    entries: BTreeMap<String, Entry>,
    by_hash: HashMap<Bytes32, String>,
    /// Those that can still change: few, while the others pile up.
    open: BTreeSet<String>,
    /// Those that are being made, by their payment hash.
    making: HashMap<Bytes32, String>,
    /// How many changes there were so far.
    changes: u64,
    /// The highest block that was heard of; 0 before the first.
    height: u32,
    rules: Rules,
}

/// A hold invoice and what waits for it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) hold: Hold,
    /// HTLCs that lightningd waits with.
    live: Vec<Live>,
    /// When the first part of a payment came that is not whole yet.
    since: Option<Duration>,
    capture: Capture,
}

/// An HTLC whose hook was not answered.
#[derive(Clone, Debug)]
struct Live {
    call: CallId,
    part: Part,
    /// What all parts are to add up to.
    total_msat: u64,
}

/// How far the taking of a payment is, while its state is [`State::Settling`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Capture {
    /// Nobody is at it: it was begun before a restart, or lightningd did not answer.
    Left,
    /// A call is at it.
    Attended,
    /// lightningd has the preimage: all parts go on.
    Certain,
}

/// What comes of a step.
#[derive(Debug, Default, PartialEq, Eq)]
#[must_use]
pub(crate) struct Step {
    /// How HTLCs are answered.
    pub(crate) answers: Vec<(CallId, Verdict)>,
    /// The labels of what has changed.
    pub(crate) changed: Vec<String>,
}

/// Why a call is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The label exists.
    DuplicateLabel,
    /// The payment hash exists.
    DuplicateHash,
    /// There is no such hold invoice.
    Unknown,
    /// It has another preimage.
    OtherPreimage,
    /// It is in this state.
    State(&'static str),
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

    fn by_hash(&mut self, hash: &Bytes32) -> Option<&mut Entry> {
        self.entries.get_mut(self.by_hash.get(hash)?)
    }

    fn put(&mut self, entry: Entry) {
        let label = entry.hold.label.clone();
        match entry.hold.is_open() {
            true => self.open.insert(label.clone()),
            false => self.open.remove(&label),
        };
        self.by_hash.insert(entry.hold.payment_hash, label.clone());
        self.entries.insert(label, entry);
    }

    fn forget(&mut self, label: &str) {
        self.open.remove(label);
        if let Some(entry) = self.entries.remove(label) {
            self.by_hash.remove(&entry.hold.payment_hash);
        }
    }

    /// Puts one into a state, which is a change.
    fn change(&mut self, label: &str, state: State, step: &mut Step) {
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
    fn fail_live(&mut self, label: &str, step: &mut Step) {
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

impl Entry {
    fn new(hold: Hold) -> Self {
        Self {
            hold,
            live: Vec::new(),
            since: None,
            capture: Capture::Left,
        }
    }

    /// Whether every part of the held payment is here.
    fn is_whole(&self) -> bool {
        match &self.hold.state {
            State::Accepted(held) | State::Settling(held) => {
                let is_live =
                    |part: &Part| self.live.iter().any(|live| live.part.htlc == part.htlc);
                held.parts.iter().all(is_live)
            }
            _ => false,
        }
    }

    /// The HTLCs that lightningd waits with, which are given up.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = CallId> {
        self.since = None;
        self.live.drain(..).map(|live| live.call)
    }
}

impl Step {
    fn answer(call: CallId, verdict: Verdict) -> Self {
        Self {
            answers: vec![(call, verdict)],
            changed: Vec::new(),
        }
    }
}

fn unknown(amount_msat: u64, height: u32) -> Verdict {
    Verdict::Unknown {
        amount_msat,
        height,
    }
}

fn refused(htlc: &Htlc, height: u32) -> Verdict {
    unknown(htlc.part.amount_msat, height)
}
