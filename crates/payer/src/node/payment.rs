//! What the node is asked for, and what it says, whichever back end it is.

use std::time::Duration;

use facture_domain::{Msat, NodeId, PaymentHash, Preimage, payout::FailureCode};

use super::error::NodeError;

/// Who the node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeInfo {
    /// Its id.
    pub id: NodeId,
    /// The network that it is on, as it calls it.
    pub network: String,
}

/// A payment that is to be made.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// The invoice.
    pub invoice: String,
    /// Its payment hash.
    pub payment_hash: PaymentHash,
    /// The amount, if the invoice names none.
    pub amount: Option<Msat>,
    /// The most that it may cost on top.
    pub max_fee: Msat,
    /// How long to look for ways.
    pub retry_for: Duration,
    /// The node that is to pay. Another one must not.
    pub node: NodeId,
}

/// How a call that pays ended. Nothing but `Paid` is taken at its word: the node is asked about the payment then.
#[derive(Clone, Debug)]
pub enum Answer {
    /// It is paid.
    Paid(Settled),
    /// The call was not carried out: nothing was sent.
    NotSent(NodeError),
    /// The call has ended without a payment, and will not try again. Parts may still be under way.
    Refused(FailureCode, String),
    /// It is not known. The payment may be under way, or be tried again by the node.
    InDoubt(String),
}

/// A payment that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The proof.
    pub preimage: Preimage,
    /// What the destination received; `None` when the node does not tell.
    pub amount: Option<Msat>,
    /// What it cost on top.
    pub fee: Msat,
}

/// What the node knows of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tracked {
    /// Nothing: it never began to pay it, or has forgotten it.
    Nothing,
    /// It is under way.
    Pending,
    /// It is made.
    Paid(Settled),
    /// No part of it is under way. Whether the node tries again is for the caller to know.
    Failed(Retrying, Option<(FailureCode, String)>),
}

/// Whether a payment of which no part is under way may be tried again by the node itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retrying {
    /// Never.
    No,
    /// For as long as the time for it has not passed, whether somebody waits for the answer or not.
    InItsTime,
}
