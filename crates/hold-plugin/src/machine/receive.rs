//! HTLCs come: which are held, and when a payment is whole.

use super::{
    entries::Machine,
    entry::{Capture, Entry, Live},
    step::{CallId, Now, Step, refused, unknown},
};
use crate::{
    hold::{Held, Hold, State},
    htlc::{Htlc, Verdict},
};

impl Machine {
    /// An HTLC came. It is answered in this step, or held.
    pub(crate) fn receive(&mut self, now: Now, call: CallId, htlc: Htlc) -> Step {
        let (height, limit) = (self.height, self.rules.limit_blocks);
        let Some(entry) = self.by_hash(&htlc.payment_hash) else {
            return Step::answer(call, Verdict::Continue);
        };
        let refuse = Step::answer(call, refused(&htlc, height));
        match &entry.hold.state {
            State::Unpaid if !entry.takes(now, height, &htlc) => refuse,
            State::Unpaid => {
                entry.since.get_or_insert(now.uptime);
                entry.hold_on(call, &htlc);
                match entry.is_paid() {
                    false => Step::default(),
                    true => self.accept(now, &htlc, height.saturating_add(limit)),
                }
            }
            // lightningd offers again what was held when one of us was restarted.
            State::Accepted(held) | State::Settling(held)
                if held.has(&htlc.part.htlc) && !entry.is_live(&htlc) =>
            {
                if matches!(entry.hold.state, State::Settling(_))
                    && entry.capture == Capture::Certain
                {
                    return Step::answer(call, Verdict::Continue);
                }
                entry.hold_on(call, &htlc);
                Step::default()
            }
            State::Paid(held) if held.has(&htlc.part.htlc) => Step::answer(call, Verdict::Continue),
            // Somebody pays a second time. It fails before anything else happens: lightningd must not see two payments.
            State::Accepted(_)
            | State::Settling(_)
            | State::Paid(_)
            | State::Cancelled { .. }
            | State::Expired { .. } => refuse,
        }
    }

    /// The last part of a payment came.
    fn accept(&mut self, now: Now, last: &Htlc, limit_height: u32) -> Step {
        let height = self.height;
        let mut step = Step::default();
        let Some(entry) = self.by_hash(&last.payment_hash) else {
            return step;
        };
        for live in entry.drop_superfluous() {
            let verdict = unknown(live.part.amount_msat, height);
            step.answers.push((live.call, verdict));
        }
        let held = Held {
            accepted_at: now.unix,
            parts: entry.live.iter().map(|live| live.part.clone()).collect(),
        };
        entry.since = None;
        let label = entry.hold.label.clone();
        if height > 0 && held.cltv_expiry() <= limit_height {
            // Nobody could decide in time.
            self.fail_live(&label, &mut step);
            return step;
        }
        self.change(&label, State::Accepted(held), &mut step);
        step
    }
}

impl Entry {
    /// Whether an HTLC can be a part of the payment (BOLT 4, "Requirements", and what lightningd will check when it goes on
    /// with it: had it something to object to then, the payment would be lost).
    fn takes(&self, now: Now, height: u32, htlc: &Htlc) -> bool {
        let Hold {
            payment_secret,
            amount_msat,
            cltv,
            expires_at,
            ..
        } = &self.hold;
        let total = htlc.total_msat;
        let fits_amount = match *amount_msat {
            Some(asked) => total >= asked && total / 2 <= asked,
            None => total > 0,
        };
        let fits_parts = match self.live.first() {
            // A payment that has begun may be completed.
            Some(first) => first.total_msat == total && !self.is_live(htlc),
            None => now.unix < *expires_at,
        };
        let in_time = height == 0 || htlc.part.cltv_expiry >= height.saturating_add(*cltv);
        htlc.payment_secret.same_secret(payment_secret)
            && fits_amount
            && fits_parts
            && in_time
            && htlc.part.amount_msat >= htlc.forward_msat
            && htlc.part.cltv_expiry >= htlc.outgoing_cltv_value
    }

    fn is_live(&self, htlc: &Htlc) -> bool {
        self.live
            .iter()
            .any(|live| live.part.htlc == htlc.part.htlc)
    }

    fn hold_on(&mut self, call: CallId, htlc: &Htlc) {
        self.live.push(Live {
            call,
            part: htlc.part.clone(),
            total_msat: htlc.total_msat,
        });
    }

    /// Whether the parts add up.
    fn is_paid(&self) -> bool {
        let total = self.live.first().map(|live| live.total_msat);
        total.is_some_and(|total| self.sum() >= total)
    }

    /// Takes out the parts without which the payment is whole, too: lightningd must see it whole with the last part only,
    /// in whatever order it sees them.
    fn drop_superfluous(&mut self) -> Vec<Live> {
        let mut dropped = Vec::new();
        let Some(total) = self.live.first().map(|live| live.total_msat) else {
            return dropped;
        };
        loop {
            let amounts = self.live.iter().enumerate();
            let smallest = amounts.min_by_key(|(_, live)| live.part.amount_msat);
            match smallest {
                Some((index, live)) if self.sum() - live.part.amount_msat >= total => {
                    dropped.push(self.live.remove(index));
                }
                _ => return dropped,
            }
        }
    }

    fn sum(&self) -> u64 {
        let amounts = self.live.iter().map(|live| live.part.amount_msat);
        amounts.fold(0, u64::saturating_add)
    }
}
