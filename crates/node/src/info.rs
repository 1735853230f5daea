//! What a node answers, besides its invoices.

use std::sync::Arc;

use facture_domain::{Currency, Invoice, NodeId, RatePrice, StatusName, Warning};

use crate::error::NodeError;

/// An invoice that the node has just created.
#[derive(Clone, Debug)]
pub struct CreatedInvoice {
    /// The invoice.
    pub invoice: Invoice,
    /// The node's warnings: none if all is well.
    pub warnings: Vec<Warning>,
}

/// The result of deleting an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeleteOutcome {
    /// It is deleted now.
    Deleted,
    /// The node did not have it, perhaps because of this very call, if its first answer was lost.
    NotFound,
    /// The node still has it, because it is not in the state that was asked for, but in this one.
    WrongStatus(StatusName),
}

/// Which invoices the node deletes automatically, as far as it matters to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retention {
    /// Paid ones too.
    DeletesPaid,
    /// No paid ones.
    KeepsPaid,
}

/// How it is known that the store has all that the node knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// The node counts its changes: once all up to its present [`Position`](crate::Position) are applied.
    ByPosition,
    /// The node tells payments only: once each invoice in question was looked up.
    ByLookup,
}

/// A node's information about itself.
#[derive(Clone, Debug)]
pub struct NodeInfo {
    /// The node's public key.
    pub id: NodeId,
    /// `bitcoin`, `testnet`, `signet` or `regtest`.
    pub network: String,
    /// Its alias.
    pub alias: String,
    /// The version of its software, such as `v26.06.6`.
    pub version: String,
    /// The height of the last block that it knows.
    pub block_height: u32,
    /// Why it may not know yet what is on the chain or in its channels, in its own words; `None` once it does.
    pub syncing: Option<String>,
}

/// What a source of the node's says that a bitcoin costs. How old that is, the node does not tell; `cln-currencyrate` keeps
/// what it has fetched for up to an hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRate {
    /// Its name, such as `coinbase`.
    pub source: String,
    /// The price.
    pub price: RatePrice,
}

/// Why the node tells no rate.
#[derive(Debug, thiserror::Error)]
pub enum CurrencyError {
    /// The node has no exchange rates at all.
    #[error(
        "the node has no exchange rates: LND has none, and lightningd has them since v26.04, with its plugin cln-currencyrate"
    )]
    NoRates,
    /// The sources do not answer, or do not have the currency.
    #[error("the node has no rate for {0} at the moment: its sources do not answer")]
    Outage(Currency),
    /// The node's own exchange failed, whatever the currency was.
    #[error("the node could not look up a rate: {0}")]
    Failed(NodeError),
    /// The node gave no answer.
    #[error("{0}")]
    Node(Arc<NodeError>),
}
