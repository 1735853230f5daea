//! Why a use case failed.

use facture_node::NodeError;
use facture_store::Error as StoreError;

/// The reason that a use case failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The node could not be reached, or refused.
    #[error(transparent)]
    Node(NodeError),
    /// The node has no offers, or our credential does not let us make them; then the node's reason.
    #[error("the node has no offers")]
    Unavailable(Option<NodeError>),
    /// There is no such offer of ours.
    #[error("there is no such offer")]
    NotFound,
    /// Another request came with the same key before.
    #[error("the key belongs to another request")]
    OtherRequest,
    /// Another program of the node has an offer that says the same.
    #[error("another program has an offer that says the same")]
    Taken,
    /// The node has an offer that says the same, and it is disabled.
    #[error("an offer that says the same is disabled")]
    Disabled,
    /// There are as many offers as there may be.
    #[error("there are too many offers")]
    TooMany,
    /// The task that made it broke off.
    #[error("a task about an offer broke off")]
    Aborted(#[from] tokio::task::JoinError),
}

impl From<NodeError> for Error {
    fn from(error: NodeError) -> Self {
        use facture_node::NodeErrorKind::{Forbidden, Unsupported};
        match error.kind() {
            Forbidden | Unsupported => Self::Unavailable(Some(error)),
            _ => Self::Node(error),
        }
    }
}
