//! Paying invoices of other sandbox nodes that the node was connected to. A payment goes on whether somebody waits for the
//! answer or not.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::ledger::End;
use super::node::Node;
#[cfg(feature = "faults")]
use super::outgoing::Trouble;
use super::outgoing::{Draft, Failure, NotBegun, OutgoingStatus};
use super::payment::{self, Order, PayError, Payment, Progress};

/// What a caller says of a payment.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub(super) bolt11: String,
    /// The most that it may cost on top, in millisatoshi.
    pub(super) max_fee_msat: Option<u64>,
}

type Answer = Result<Payment, PayError>;

/// What is written down of it.
pub(super) fn draft(order: &Order, wish: Wish, now: u64) -> Draft {
    Draft {
        payment_hash: order.payment_hash,
        bolt11: wish.bolt11,
        destination: order.payee.clone(),
        amount_msat: order.msat,
        max_fee_msat: wish.max_fee_msat,
        created_at: now,
    }
}

/// Begins to pay another node's invoice.
pub(super) fn send(
    node: &Arc<Node>,
    order: Order,
    wish: Wish,
) -> Result<oneshot::Receiver<Answer>, PayError> {
    let now = node.clock.now().as_secs();
    let before = node.outgoing.payment(&order.payment_hash);
    let is_paid =
        before.is_some_and(|payment| matches!(payment.status, OutgoingStatus::Complete(_)));
    if order.expires_at <= now && !is_paid {
        return Err(PayError::Expired(now - order.expires_at));
    }
    let peer = node
        .peer(&order.payee)
        .ok_or_else(|| PayError::UnknownDestination(order.payee.clone()))?;
    let begun = node.outgoing.begin(draft(&order, wish, now));
    let fee_msat = begun.map_err(|why| match why {
        NotBegun::AlreadyPaid => PayError::AlreadyPaid,
        NotBegun::InProgress => PayError::InProgress,
        NotBegun::TooExpensive => PayError::TooExpensive,
    })?;
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
            Err(error) => OutgoingStatus::Failed(failure(error)),
        };
        node.outgoing.set(&order.payment_hash, status);
        if let Some(answer) = answer {
            // Whoever asked may have gone.
            drop(answer.send(ended));
        }
    });
    Ok(answered)
}

/// The same as it is kept.
pub(super) fn failure(error: &PayError) -> Failure {
    Failure {
        code: error.code(),
        message: error.to_string(),
    }
}

/// Waits as long as a test wants it; hands the answer back, unless it was given.
#[cfg(feature = "faults")]
async fn go_wrong(node: &Node, answer: oneshot::Sender<Answer>) -> Option<oneshot::Sender<Answer>> {
    let mut answer = Some(answer);
    for (trouble, gate) in node.outgoing.troubles() {
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
async fn arrive(node: &Node, peer: &Arc<Node>, order: &Order) -> Answer {
    #[cfg(feature = "faults")]
    if let Some(failure) = node.outgoing.next_failure() {
        return Err(PayError::Other(failure.code, failure.message));
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
