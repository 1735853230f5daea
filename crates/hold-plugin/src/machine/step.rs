//! What a step is told and what it says.

use std::time::Duration;

use crate::htlc::{Htlc, Verdict};

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

impl Step {
    pub(super) fn answer(call: CallId, verdict: Verdict) -> Self {
        Self {
            answers: vec![(call, verdict)],
            changed: Vec::new(),
        }
    }
}

pub(super) fn unknown(amount_msat: u64, height: u32) -> Verdict {
    Verdict::Unknown {
        amount_msat,
        height,
    }
}

pub(super) fn refused(htlc: &Htlc, height: u32) -> Verdict {
    unknown(htlc.part.amount_msat, height)
}
