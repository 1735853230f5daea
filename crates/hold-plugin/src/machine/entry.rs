//! A hold invoice in the machine, with the HTLCs that are held for it.

use std::time::Duration;

use super::step::CallId;
use crate::hold::{Hold, Part, State};

/// A hold invoice and what waits for it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) hold: Hold,
    /// HTLCs that lightningd waits with.
    pub(super) live: Vec<Live>,
    /// When the first part of a payment came that is not whole yet.
    pub(super) since: Option<Duration>,
    pub(super) capture: Capture,
}

/// An HTLC whose hook was not answered.
#[derive(Clone, Debug)]
pub(super) struct Live {
    pub(super) call: CallId,
    pub(super) part: Part,
    /// What all parts are to add up to.
    pub(super) total_msat: u64,
}

/// How far the taking of a payment is, while its state is [`State::Settling`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Capture {
    /// Nobody is at it: it was begun before a restart, or lightningd did not answer.
    Left,
    /// A call is at it.
    Attended,
    /// lightningd has the preimage: all parts go on.
    Certain,
}

impl Entry {
    pub(super) fn new(hold: Hold) -> Self {
        Self {
            hold,
            live: Vec::new(),
            since: None,
            capture: Capture::Left,
        }
    }

    /// Whether every part of the held payment is here.
    pub(super) fn is_whole(&self) -> bool {
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
