//! Time passes, in seconds and in blocks: what ends by itself.

use super::{
    entries::Machine,
    entry::Entry,
    step::{Now, Step},
};
use crate::{hold::State, htlc::Verdict};

/// Why something ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The other parts did not come.
    Incomplete,
    /// The invoice was not paid in time.
    Expired,
    /// Of a held payment, parts are gone: they failed while we were away.
    Lost,
    /// A held payment is about to expire.
    Limit,
}

impl Machine {
    /// The chain has grown, or was seen to be so high.
    pub(crate) fn grow(&mut self, height: u32) {
        self.height = self.height.max(height);
    }

    /// With so many blocks left, held payments are sent back; lightningd could not take them any more.
    pub(crate) fn raise_limit(&mut self, blocks: u32) {
        self.rules.limit_blocks = self.rules.limit_blocks.max(blocks);
    }

    /// Ends what is over.
    pub(crate) fn tick(&mut self, now: Now) -> Step {
        let over = |label: &String| {
            let entry = self.entries.get(label)?;
            Some((label.clone(), self.end_of(entry, now)?))
        };
        let over: Vec<_> = self.open.iter().filter_map(over).collect();
        let mut step = Step::default();
        for (label, end) in over {
            match end {
                End::Incomplete => {
                    if let Some(entry) = self.entries.get_mut(&label) {
                        let calls = entry.drain();
                        step.answers
                            .extend(calls.map(|call| (call, Verdict::MppTimeout)));
                    }
                }
                End::Expired => {
                    self.change(&label, State::Expired { at: now.unix }, &mut step);
                }
                End::Lost => {
                    let reason = "was lost while this plugin did not run: lightningd returned it";
                    self.give_back(&label, now, reason, &mut step);
                }
                End::Limit => {
                    let reason = "is returned: it expires soon, and nobody decided";
                    self.give_back(&label, now, reason, &mut step);
                }
            }
        }
        step
    }

    fn give_back(&mut self, label: &str, now: Now, reason: &str, step: &mut Step) {
        if let Some(hold) = self.get(label) {
            // Not the label: it gives access to the order.
            tracing::warn!("the payment {} {reason}", hold.payment_hash);
        }
        self.send_back(label, now, step);
    }

    fn end_of(&self, entry: &Entry, now: Now) -> Option<End> {
        let rules = &self.rules;
        match &entry.hold.state {
            State::Unpaid => match entry.since {
                Some(since) => (now.uptime >= since + rules.mpp_timeout).then_some(End::Incomplete),
                None => (now.unix >= entry.hold.expires_at).then_some(End::Expired),
            },
            State::Accepted(held) => {
                let limit = self.height.saturating_add(rules.limit_blocks);
                if self.height > 0 && held.cltv_expiry() <= limit {
                    Some(End::Limit)
                } else if now.uptime > rules.replay_window && !entry.is_whole() {
                    Some(End::Lost)
                } else {
                    None
                }
            }
            _ => None,
        }
    }
}
