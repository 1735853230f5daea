//! The node that pays: one enum over the back ends, in the domain's terms. What may be sent to it is in one list for each
//! back end (`cln/method.rs`, `lnd/method.rs`), which is this crate's own.

pub mod cln;
mod error;
#[cfg(feature = "lnd")]
pub mod lnd;

use std::time::Duration;

use facture_domain::{Msat, NodeId, PaymentHash, Preimage, payout::FailureCode};

pub use self::error::NodeError;

/// The node.
#[derive(Debug)]
pub enum Node {
    /// Core Lightning.
    Cln(cln::Cln),
    /// LND.
    #[cfg(feature = "lnd")]
    Lnd(lnd::Lnd),
}

/// Who the node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeInfo {
    /// Its id.
    pub id: NodeId,
    /// What the invoices of its network begin with, behind `ln`: `bc`, `tb`, `tbs` or `bcrt`.
    pub network: &'static str,
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
    /// The node says that it did not pay, and will not try again.
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

impl Node {
    /// Who it is.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn info(&self) -> Result<NodeInfo, NodeError> {
        match self {
            Self::Cln(cln) => cln.info().await,
            #[cfg(feature = "lnd")]
            Self::Lnd(lnd) => lnd.info().await,
        }
    }

    /// What it knows of a payment. Another node than `node` is not asked.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn track(&self, node: &NodeId, hash: PaymentHash) -> Result<Tracked, NodeError> {
        match self {
            Self::Cln(cln) => cln.track(node, hash).await,
            #[cfg(feature = "lnd")]
            Self::Lnd(lnd) => lnd.track(node, hash).await,
        }
    }

    /// Pays. It may be repeated with the same invoice: the node makes one payment for a payment hash.
    pub async fn pay(&self, instruction: &Instruction) -> Answer {
        match self {
            Self::Cln(cln) => cln.pay(instruction).await,
            #[cfg(feature = "lnd")]
            Self::Lnd(lnd) => lnd.pay(instruction).await,
        }
    }
}

/// The prefix of a network by the name that nodes give it.
fn network(name: &str) -> Option<&'static str> {
    Some(match name {
        "bitcoin" | "mainnet" => "bc",
        "testnet" | "testnet4" => "tb",
        "signet" => "tbs",
        "regtest" => "bcrt",
        _ => return None,
    })
}
