//! What the node pays itself: invoices of other sandbox nodes that it was connected to. As lightningd and LND do, it makes
//! one payment for a payment hash, and goes on with it whether somebody waits for the answer or not. It is kept in memory
//! only; a stop of the node leaves it as it is.

use std::collections::BTreeMap;
#[cfg(feature = "faults")]
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, Weak};

use bitcoin::hex::DisplayHex;
use tokio::sync::{oneshot, watch};

#[cfg(feature = "faults")]
use super::faults::{Gate, Hanging};
use super::ledger::End;
use super::mutex::lock;
use super::node::Node;
use super::payment::{self, Order, PayError, Payment, Progress};

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
    Failed(PayError),
}

/// The payments of a node, and whom it can pay.
#[derive(Debug)]
pub(super) struct Outgoing {
    state: Mutex<State>,
    /// Counts what happened.
    changes: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct State {
    payments: BTreeMap<[u8; 32], OutgoingPayment>,
    peers: Vec<Weak<Node>>,
    fee_msat: u64,
    #[cfg(feature = "faults")]
    faults: Vec<(Trouble, Gate)>,
    #[cfg(feature = "faults")]
    refusals: VecDeque<PayError>,
}

/// What goes wrong with payments that hang.
#[cfg(feature = "faults")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    /// Whoever asked for it waits.
    Hangs,
    /// Whoever asked for it is told that the time is over.
    GivesUp,
}

/// What a caller says of a payment.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub(super) bolt11: String,
    /// The most that it may cost on top, in millisatoshi.
    pub(super) max_fee_msat: Option<u64>,
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
    /// From now on invoices of this node can be paid.
    pub(super) fn connect(&self, peer: &Arc<Node>) {
        lock(&self.state).peers.push(Arc::downgrade(peer));
    }

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

    /// Writes down that a payment failed before anything of it was under way.
    #[cfg(feature = "lnd")]
    pub(super) fn fail(&self, order: &Order, wish: Wish, now: u64, error: PayError) {
        let payment = OutgoingPayment {
            payment_hash: order.payment_hash.to_lower_hex_string(),
            status: OutgoingStatus::Failed(error),
            bolt11: wish.bolt11,
            destination: order.payee.clone(),
            amount_msat: order.msat,
            fee_msat: 0,
            created_at: now,
            attempts: 1,
        };
        lock(&self.state)
            .payments
            .insert(order.payment_hash, payment);
    }

    /// Forgets a payment, as `delpay` does.
    pub(super) fn forget(&self, payment_hash: &[u8; 32]) {
        lock(&self.state).payments.remove(payment_hash);
    }

    #[cfg(feature = "faults")]
    pub(super) fn hang(&self, gives_up: bool) -> Hanging {
        let trouble = match gives_up {
            true => Trouble::GivesUp,
            false => Trouble::Hangs,
        };
        let hanging = Hanging::closed();
        lock(&self.state).faults.push((trouble, hanging.gate()));
        hanging
    }

    #[cfg(feature = "faults")]
    pub(super) fn fail_next(&self, error: PayError) {
        lock(&self.state).refusals.push_back(error);
    }

    /// Writes down that a payment begins, unless it must not.
    fn begin(&self, order: &Order, wish: Wish, now: u64) -> Result<(Arc<Node>, u64), PayError> {
        let mut state = lock(&self.state);
        let fee_msat = state.fee_msat;
        let before = state.payments.get(&order.payment_hash);
        match before.map(|payment| &payment.status) {
            Some(OutgoingStatus::Complete(_)) => return Err(PayError::AlreadyPaid),
            Some(OutgoingStatus::Pending) => return Err(PayError::InProgress),
            Some(OutgoingStatus::Failed(_)) | None => {}
        }
        let attempts = before.map_or(1, |payment| payment.attempts + 1);
        if order.expires_at <= now {
            return Err(PayError::Expired(now - order.expires_at));
        }
        let mut peers = state.peers.iter().filter_map(Weak::upgrade);
        let peer = peers.find(|peer| peer.id() == order.payee);
        let peer = peer.ok_or_else(|| PayError::UnknownDestination(order.payee.clone()))?;
        if wish.max_fee_msat.is_some_and(|most| fee_msat > most) {
            return Err(PayError::TooExpensive);
        }
        let payment = OutgoingPayment {
            payment_hash: order.payment_hash.to_lower_hex_string(),
            status: OutgoingStatus::Pending,
            bolt11: wish.bolt11,
            destination: order.payee.clone(),
            amount_msat: order.msat,
            fee_msat,
            created_at: now,
            attempts,
        };
        state.payments.insert(order.payment_hash, payment);
        Ok((peer, fee_msat))
    }

    fn set(&self, payment_hash: &[u8; 32], status: OutgoingStatus) {
        if let Some(payment) = lock(&self.state).payments.get_mut(payment_hash) {
            payment.status = status;
        }
        self.changes.send_modify(|changes| *changes += 1);
    }
}

/// Begins to pay another node's invoice. The payment goes on whether the answer is waited for or not.
pub(super) fn send(
    node: &Arc<Node>,
    order: Order,
    wish: Wish,
) -> Result<oneshot::Receiver<Result<Payment, PayError>>, PayError> {
    let now = node.clock.now().as_secs();
    let (peer, fee_msat) = node.outgoing.begin(&order, wish, now)?;
    node.outgoing.changes.send_modify(|changes| *changes += 1);
    let (answer, answered) = oneshot::channel();
    let node = Arc::clone(node);
    tokio::spawn(async move {
        #[cfg(feature = "faults")]
        let answer = go_wrong(&node, answer).await;
        #[cfg(not(feature = "faults"))]
        let answer = Some(answer);
        let ended = arrive(&node, &peer, &order).await.map(|payment| Payment {
            amount_sent_msat: payment.amount_msat.saturating_add(fee_msat),
            ..payment
        });
        let status = match &ended {
            Ok(payment) => OutgoingStatus::Complete(payment.payment_preimage.clone()),
            Err(error) => OutgoingStatus::Failed(error.clone()),
        };
        node.outgoing.set(&order.payment_hash, status);
        if let Some(answer) = answer {
            // Whoever asked may have gone.
            drop(answer.send(ended));
        }
    });
    Ok(answered)
}

/// Waits as long as a test wants it; hands the answer back, unless it was given.
#[cfg(feature = "faults")]
async fn go_wrong(
    node: &Node,
    answer: oneshot::Sender<Result<Payment, PayError>>,
) -> Option<oneshot::Sender<Result<Payment, PayError>>> {
    let mut answer = Some(answer);
    let mut troubles = lock(&node.outgoing.state).faults.clone();
    troubles.retain(|(_, gate)| !gate.is_open());
    for (trouble, gate) in troubles {
        if trouble == Trouble::GivesUp
            && let Some(answer) = answer.take()
        {
            drop(answer.send(Err(PayError::GaveUp)));
        }
        gate.pass().await;
    }
    answer
}

/// The payment reaches its destination, and its end.
async fn arrive(node: &Arc<Node>, peer: &Arc<Node>, order: &Order) -> Result<Payment, PayError> {
    #[cfg(feature = "faults")]
    if let Some(error) = lock(&node.outgoing.state).refusals.pop_front() {
        return Err(error);
    }
    #[cfg(not(feature = "faults"))]
    let _ = node;
    let refused = |error| match error {
        // The destination tells no more than that.
        PayError::AlreadyPaid | PayError::Expired(_) => PayError::Refused,
        other => other,
    };
    match payment::begin(peer, order).map_err(refused)? {
        Progress::Paid(payment) => return Ok(payment),
        Progress::Held(end) => {
            if !matches!(end.await, Ok(End::Paid(_))) {
                return Err(PayError::Refused);
            }
        }
    }
    let books = peer.books()?;
    let invoice = books.ledger().by_hash(&order.payment_hash);
    invoice
        .and_then(payment::payment_of)
        .ok_or(PayError::Refused)
}
