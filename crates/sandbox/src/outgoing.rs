//! The payments that the node makes to others: one for a payment hash, as lightningd's and LND's are. They are kept in memory
//! only; a stop of the node leaves them as they are.

use std::collections::BTreeMap;
#[cfg(feature = "faults")]
use std::collections::VecDeque;
use std::sync::Mutex;

use bitcoin::hex::DisplayHex;
use tokio::sync::watch;

#[cfg(feature = "faults")]
use super::faults::{Gate, Hanging};
use super::mutex::lock;

/// A payment that the node made, or tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingPayment {
    /// In lower case hexadecimal.
    pub payment_hash: String,
    /// How it stands.
    pub status: OutgoingStatus,
    /// The invoice.
    pub bolt11: String,
    /// The node that is paid.
    pub destination: String,
    /// What the destination receives, in millisatoshi.
    pub amount_msat: u64,
    /// What it costs on top, in millisatoshi.
    pub fee_msat: u64,
    /// When it was begun, in seconds since 1970.
    pub created_at: u64,
    /// How often the node has begun it.
    pub attempts: u64,
}

/// How a payment stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutgoingStatus {
    /// It is under way.
    Pending,
    /// It arrived; the preimage in lower case hexadecimal.
    Complete(String),
    /// It did not arrive, and is not under way.
    Failed(Failure),
}

/// Why a payment did not arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// lightningd's code, or the number of LND's reason where a test gave it.
    pub code: i32,
    /// For people.
    pub message: String,
}

/// A payment that is to be made.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) payment_hash: [u8; 32],
    pub(super) bolt11: String,
    pub(super) destination: String,
    pub(super) amount_msat: u64,
    /// The most that it may cost on top, in millisatoshi.
    pub(super) max_fee_msat: Option<u64>,
    pub(super) created_at: u64,
}

/// Why a payment is not begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotBegun {
    AlreadyPaid,
    InProgress,
    TooExpensive,
}

/// The payments of a node.
#[derive(Debug)]
pub(super) struct Outgoing {
    state: Mutex<State>,
    /// Counts what happened.
    changes: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct State {
    payments: BTreeMap<[u8; 32], OutgoingPayment>,
    fee_msat: u64,
    #[cfg(feature = "faults")]
    troubles: Vec<(Trouble, Gate)>,
    #[cfg(feature = "faults")]
    failures: VecDeque<Failure>,
}

/// What goes wrong with payments that hang.
#[cfg(feature = "faults")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Whoever asked for it waits.
    Hangs,
    /// Whoever asked for it is told that the time is over.
    GivesUp,
}

impl Default for Outgoing {
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            changes: watch::Sender::new(0),
        }
    }
}

impl Outgoing {
    /// What each payment costs from now on.
    pub(super) fn set_fee_msat(&self, fee_msat: u64) {
        lock(&self.state).fee_msat = fee_msat;
    }

    /// All payments.
    pub(super) fn payments(&self) -> Vec<OutgoingPayment> {
        lock(&self.state).payments.values().cloned().collect()
    }

    /// The payment of an invoice.
    pub(super) fn payment(&self, payment_hash: &[u8; 32]) -> Option<OutgoingPayment> {
        lock(&self.state).payments.get(payment_hash).cloned()
    }

    /// Counts what happens to payments.
    #[cfg(feature = "lnd")]
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Forgets a payment, as `delpay` does.
    pub(super) fn forget(&self, payment_hash: &[u8; 32]) {
        lock(&self.state).payments.remove(payment_hash);
    }

    /// Payments hang from now on, until this is released.
    #[cfg(feature = "faults")]
    pub(super) fn hang(&self, trouble: Trouble) -> Hanging {
        let hanging = Hanging::closed();
        lock(&self.state).troubles.push((trouble, hanging.gate()));
        hanging
    }

    /// What a payment that begins now has to pass.
    #[cfg(feature = "faults")]
    pub(super) fn troubles(&self) -> Vec<(Trouble, Gate)> {
        let mut state = lock(&self.state);
        state.troubles.retain(|(_, gate)| !gate.is_open());
        state.troubles.clone()
    }

    /// The next payment fails so.
    #[cfg(feature = "faults")]
    pub(super) fn fail_next(&self, failure: Failure) {
        lock(&self.state).failures.push_back(failure);
    }

    /// How a payment that would arrive now fails, if a test wants it.
    #[cfg(feature = "faults")]
    pub(super) fn next_failure(&self) -> Option<Failure> {
        lock(&self.state).failures.pop_front()
    }

    /// Writes down that a payment begins, unless it must not; what it costs, in millisatoshi.
    pub(super) fn begin(&self, draft: Draft) -> Result<u64, NotBegun> {
        let mut state = lock(&self.state);
        let before = state.payments.get(&draft.payment_hash);
        let attempts = match before.map(|payment| (&payment.status, payment.attempts)) {
            Some((OutgoingStatus::Complete(_), _)) => return Err(NotBegun::AlreadyPaid),
            Some((OutgoingStatus::Pending, _)) => return Err(NotBegun::InProgress),
            Some((OutgoingStatus::Failed(_), attempts)) => attempts + 1,
            None => 1,
        };
        let fee_msat = state.fee_msat;
        if draft.max_fee_msat.is_some_and(|most| fee_msat > most) {
            return Err(NotBegun::TooExpensive);
        }
        let payment = draft.payment(OutgoingStatus::Pending, fee_msat, attempts);
        state.payments.insert(payment.0, payment.1);
        drop(state);
        self.changed();
        Ok(fee_msat)
    }

    /// Writes down that a payment failed before anything of it was under way.
    #[cfg(feature = "lnd")]
    pub(super) fn fail(&self, draft: Draft, failure: Failure) {
        let (hash, payment) = draft.payment(OutgoingStatus::Failed(failure), 0, 1);
        lock(&self.state).payments.insert(hash, payment);
        self.changed();
    }

    /// Writes down how a payment stands.
    pub(super) fn set(&self, payment_hash: &[u8; 32], status: OutgoingStatus) {
        if let Some(payment) = lock(&self.state).payments.get_mut(payment_hash) {
            payment.status = status;
        }
        self.changed();
    }

    fn changed(&self) {
        self.changes.send_modify(|changes| *changes += 1);
    }
}

impl Draft {
    fn payment(
        self,
        status: OutgoingStatus,
        fee_msat: u64,
        attempts: u64,
    ) -> ([u8; 32], OutgoingPayment) {
        let payment = OutgoingPayment {
            payment_hash: self.payment_hash.to_lower_hex_string(),
            status,
            bolt11: self.bolt11,
            destination: self.destination,
            amount_msat: self.amount_msat,
            fee_msat,
            created_at: self.created_at,
            attempts,
        };
        (self.payment_hash, payment)
    }
}
