//! Decisions: a held payment is taken or sent back.

use super::{
    entries::Machine,
    entry::Capture,
    step::{Now, Refusal, Step},
};
use crate::{
    bytes::Bytes32,
    hold::{Hold, State},
    htlc::Verdict,
};

/// What is to be done to take a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Settle {
    /// Nothing: it is paid.
    Done(Hold),
    /// Ask again: another call is at it, or lightningd has not offered all parts again after a restart.
    Later,
    /// Give lightningd the preimage.
    Capture(Hold),
}

/// One whose taking was begun and not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) hold: Hold,
    /// Whether all its parts are here. Otherwise they will not come any more.
    pub(crate) whole: bool,
}

impl Machine {
    /// A held payment is to be taken, with a preimage that has this hash.
    pub(crate) fn settle(&mut self, label: &str, hash: Bytes32) -> Result<(Settle, Step), Refusal> {
        let mut step = Step::default();
        let entry = self.entries.get_mut(label).ok_or(Refusal::Unknown)?;
        if entry.hold.payment_hash != hash {
            return Err(Refusal::OtherPreimage);
        }
        let settle = match entry.hold.state.clone() {
            State::Paid(_) => Settle::Done(entry.hold.clone()),
            State::Settling(_) => Settle::Later,
            State::Accepted(_) if !entry.is_whole() => Settle::Later,
            State::Accepted(held) => {
                entry.capture = Capture::Attended;
                entry.hold.state = State::Settling(held);
                // It looks the same from outside, so it is no change.
                step.changed.push(label.to_owned());
                Settle::Capture(entry.hold.clone())
            }
            state => return Err(Refusal::State(state.name())),
        };
        Ok((settle, step))
    }

    /// lightningd has the preimage: all parts go on.
    pub(crate) fn captured(&mut self, label: &str) -> Step {
        let mut step = Step::default();
        if let Some(entry) = self.entries.get_mut(label)
            && matches!(entry.hold.state, State::Settling(_))
        {
            entry.capture = Capture::Certain;
            let calls = entry.drain();
            step.answers
                .extend(calls.map(|call| (call, Verdict::Continue)));
        }
        step
    }

    /// lightningd does not have the preimage, and nobody will give it any: the payment is still held.
    pub(crate) fn not_captured(&mut self, label: &str) -> Step {
        let mut step = Step::default();
        if let Some(entry) = self.entries.get_mut(label)
            && let State::Settling(held) = &entry.hold.state
        {
            entry.hold.state = State::Accepted(held.clone());
            entry.capture = Capture::Left;
            step.changed.push(label.to_owned());
        }
        step
    }

    /// What came of the taking is not known: somebody else is to find out.
    pub(crate) fn leave(&mut self, label: &str) {
        if let Some(entry) = self.entries.get_mut(label) {
            entry.capture = Capture::Left;
        }
    }

    /// Those whose taking nobody is at. From now on the caller is.
    pub(crate) fn take_left(&mut self, now: Now) -> Vec<Left> {
        let over = now.uptime > self.rules.replay_window;
        let mut left = Vec::new();
        for label in &self.open {
            let Some(entry) = self.entries.get_mut(label) else {
                continue;
            };
            let whole = entry.is_whole();
            let settling = matches!(entry.hold.state, State::Settling(_));
            if settling && entry.capture == Capture::Left && (whole || over) {
                entry.capture = Capture::Attended;
                let hold = entry.hold.clone();
                left.push(Left { hold, whole });
            }
        }
        left
    }

    /// lightningd has taken the payment.
    pub(crate) fn paid(&mut self, label: &str) -> Step {
        let mut step = self.captured(label);
        if let Some(State::Settling(held)) = self.get(label).map(|hold| hold.state.clone()) {
            self.change(label, State::Paid(held), &mut step);
        }
        step
    }

    /// lightningd could not take the payment, and will not take it any more.
    pub(crate) fn failed(&mut self, label: &str, now: Now) -> Step {
        let mut step = Step::default();
        if let Some(State::Settling(_)) = self.get(label).map(|hold| &hold.state) {
            self.send_back(label, now, &mut step);
        }
        step
    }

    /// A payment is to be sent back, or no more expected. `None`: ask again, it is being taken.
    pub(crate) fn cancel(
        &mut self,
        label: &str,
        now: Now,
    ) -> Result<(Option<Hold>, Step), Refusal> {
        let mut step = Step::default();
        match &self.get(label).ok_or(Refusal::Unknown)?.state {
            State::Unpaid | State::Accepted(_) => self.send_back(label, now, &mut step),
            State::Cancelled { .. } => {}
            State::Settling(_) => return Ok((None, step)),
            state => return Err(Refusal::State(state.name())),
        }
        Ok((self.get(label).cloned(), step))
    }

    pub(super) fn send_back(&mut self, label: &str, now: Now, step: &mut Step) {
        self.change(label, State::Cancelled { at: now.unix }, step);
        self.fail_live(label, step);
    }
}
