//! Why a use case failed.

use facture_node::NodeError;
use facture_store::Error as StoreError;

/// Why a use case came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The node could not be asked, or refused.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The node has an invoice under the new label, but not the one that was asked for.
    #[error("the node's invoice under the new label is not the one that was asked for")]
    Mismatch,
    /// The task that made or cancelled it broke off.
    #[error("a task about an invoice broke off")]
    Aborted(#[from] tokio::task::JoinError),
    /// Another request came with the same key before.
    #[error("the key belongs to another request")]
    OtherRequest,
    /// The store does not have it, and the node cannot be asked whether it has.
    #[error("the store is not yet complete: {0}")]
    Incomplete(String),
}
