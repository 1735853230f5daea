//! Why a use case failed.

use crate::{pricing::NoRate, sync::Error as SyncError};
use facture_domain::Msat;
use facture_node::{NodeError, NodeErrorKind};
use facture_store::Error as StoreError;

/// The reason that a use case failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The node could not be reached, or refused.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
    /// The invoice has as many webhooks as it may have.
    #[error("there are {0} webhooks, and no more may be added")]
    TooManyWebhooks(u32),
    /// The node has an invoice under the new label, but not the one that was asked for.
    #[error("the node's invoice under the new label is not the one that was asked for")]
    Mismatch,
    /// The task that made or cancelled it broke off.
    #[error("a task about an invoice broke off")]
    Aborted(#[from] tokio::task::JoinError),
    /// Another request came with the same key before.
    #[error("the key belongs to another request")]
    OtherRequest,
    /// The node cannot hold payments.
    #[error("the node cannot hold payments: {0}")]
    HoldUnavailable(NodeError),
    /// The node cannot hold a payment for a payment hash of the shop's own.
    #[error("the node cannot hold a payment for a payment hash of the shop's own")]
    HashUnavailable,
    /// The node makes no invoice of more than this.
    #[error("the node makes no invoice of more than {} msat", .0.msat())]
    AmountTooLarge(Msat),
    /// The node has an invoice with this payment hash already.
    #[error("the node has an invoice with this payment hash already")]
    HashUsed,
    /// A price has no amount in bitcoin.
    #[error(transparent)]
    NoRate(#[from] NoRate),
    /// The store does not have it, and the node cannot be asked whether it has.
    #[error("the store is not yet complete: {0}")]
    Incomplete(String),
}

impl Error {
    /// Whether the node certainly has no such invoice.
    pub fn was_not_made(&self) -> bool {
        match self {
            Self::AmountTooLarge(_) | Self::HoldUnavailable(_) => true,
            Self::Node(error) => match error.kind() {
                NodeErrorKind::Unreachable
                | NodeErrorKind::OtherNode
                | NodeErrorKind::Forbidden
                | NodeErrorKind::Busy
                | NodeErrorKind::Rejected
                | NodeErrorKind::Unsupported => true,
                NodeErrorKind::TimedOut | NodeErrorKind::AnswerLost | NodeErrorKind::Malformed => {
                    false
                }
            },
            _ => false,
        }
    }
}

impl From<SyncError> for Error {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Node(error) => error.into(),
            SyncError::Store(error) => error.into(),
            SyncError::Restored => Self::Incomplete(error.to_string()),
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::TooManyEndpoints(max) => Self::TooManyWebhooks(max),
            error => Self::Store(error),
        }
    }
}
