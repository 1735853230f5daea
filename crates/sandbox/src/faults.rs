//! Faults that a test switches on while the sandbox runs: calls that hang, answers that are late, lost, cut or no
//! JSON. It decides what is to happen to a call; the connection does it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::reply::{RpcError, unknown_command};
use crate::mutex::lock;

/// Which calls a fault is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Calls {
    /// Calls of every method.
    All,
    /// Calls of one method.
    Of(String),
}

impl Calls {
    /// Calls of one method.
    pub fn of(method: &str) -> Self {
        Self::Of(method.to_owned())
    }

    fn include(&self, method: &str) -> bool {
        match self {
            Self::All => true,
            Self::Of(name) => name == method,
        }
    }
}

/// Where a hanging call stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// The call was read, but is carried out only after the release; not at all if its client has gone by then.
    Call,
    /// The call was carried out, its answer is sent only after the release.
    Answer,
}

/// What happens to the next call, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallFault {
    /// The connection is closed; the call is not carried out.
    CloseBefore,
    /// The call is carried out, then the connection is closed: a lost answer.
    CloseAfter,
    /// The call is carried out; the connection is closed after the first half of the answer.
    CutAnswer,
    /// The call is not carried out and answered with this error.
    Fail {
        /// lightningd's error code.
        code: i32,
        /// The text.
        message: String,
    },
    /// The call is carried out; what comes back is not JSON.
    NotJson,
    /// The call is carried out; what comes back is this JSON, whatever came of it.
    Result(String),
    /// The call is carried out; the answer has its id, but neither result nor error.
    NoResult,
}

/// The faults of one sandbox. Nothing is switched on at first.
#[derive(Debug, Default)]
pub struct Faults {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    once: VecDeque<(Calls, CallFault)>,
    missing: Vec<Calls>,
    slow: Vec<(Calls, Duration)>,
    gates: Vec<(Calls, Hold, Gate)>,
}

/// Calls that hang, until this is released or dropped.
#[derive(Debug)]
#[must_use = "dropping it releases the calls"]
pub struct Hanging {
    gate: Gate,
}

/// Where calls wait for their release.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    open: CancellationToken,
    reached: Arc<watch::Sender<u64>>,
}

/// What is to happen to one call.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Wait here before it is carried out.
    pub(super) before: Vec<Gate>,
    /// Wait here before its answer is sent.
    pub(super) after: Vec<Gate>,
    /// Wait so long before its answer is sent.
    pub(super) delay: Duration,
    /// And this.
    pub(super) once: Option<CallFault>,
}

impl Faults {
    /// Lets the next of these calls go wrong. Several are used up in the order they were asked for, one for each call.
    pub fn once(&self, calls: Calls, fault: CallFault) {
        lock(&self.state).once.push_back((calls, fault));
    }

    /// The node no longer has these methods, as one that is older or lacks a plugin.
    pub fn lack(&self, calls: Calls) {
        lock(&self.state).missing.push(calls);
    }

    /// Lets these calls hang from now on. Requests are still read, nothing else on the connection is held up.
    pub fn hang(&self, calls: Calls, hold: Hold) -> Hanging {
        let hanging = Hanging::closed();
        let mut state = lock(&self.state);
        state.gates.retain(|(_, _, gate)| !gate.open.is_cancelled());
        state.gates.push((calls, hold, hanging.gate()));
        hanging
    }

    /// Delays the answers of these calls from now on.
    pub fn slow(&self, calls: Calls, delay: Duration) {
        lock(&self.state).slow.push((calls, delay));
    }

    /// Switches everything off. Calls that hang go on hanging until they are released.
    pub fn clear(&self) {
        *lock(&self.state) = State::default();
    }

    /// What is to happen to this call; a fault for one call is used up.
    pub(super) fn plan(&self, method: &str) -> Plan {
        let mut state = lock(&self.state);
        let mut plan = Plan::default();
        if let Some(index) = state
            .once
            .iter()
            .position(|(calls, _)| calls.include(method))
        {
            plan.once = state.once.remove(index).map(|(_, fault)| fault);
        }
        if state.missing.iter().any(|calls| calls.include(method)) {
            let RpcError { code, message, .. } = unknown_command(method);
            plan.once = Some(CallFault::Fail { code, message });
        }
        for (calls, delay) in &state.slow {
            if calls.include(method) {
                plan.delay = plan.delay.saturating_add(*delay);
            }
        }
        for (calls, hold, gate) in &state.gates {
            if calls.include(method) && !gate.open.is_cancelled() {
                match hold {
                    Hold::Call => plan.before.push(gate.clone()),
                    Hold::Answer => plan.after.push(gate.clone()),
                }
            }
        }
        plan
    }
}

impl Hanging {
    /// With a gate that nobody waits at yet.
    pub(super) fn closed() -> Self {
        Self {
            gate: Gate {
                open: CancellationToken::new(),
                reached: Arc::default(),
            },
        }
    }

    /// Where calls wait for it.
    pub(super) fn gate(&self) -> Gate {
        self.gate.clone()
    }

    /// Waits until that many calls have hung here, the released ones included.
    pub async fn reached(&self, calls: u64) {
        let mut reached = self.gate.reached.subscribe();
        // Cannot fail: the gate holds the sender.
        drop(reached.wait_for(|count| *count >= calls).await);
    }

    /// Lets the calls go on; later calls no longer hang.
    pub fn release(self) {}
}

impl Drop for Hanging {
    fn drop(&mut self) {
        self.gate.open.cancel();
    }
}

impl Gate {
    /// Whether it was released.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_cancelled()
    }

    /// Waits for the release.
    pub(super) async fn pass(&self) {
        self.reached.send_modify(|count| *count += 1);
        self.open.cancelled().await;
    }
}

impl Plan {
    /// Whether nothing is to happen.
    pub(super) fn is_empty(&self) -> bool {
        self.before.is_empty()
            && self.after.is_empty()
            && self.delay.is_zero()
            && self.once.is_none()
    }
}
