//! What ends a session with the node.

use facture_node::NodeError;
use facture_store::Error as StoreError;

/// Why following stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The node.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The node was restored from a backup, which the next session sees to.
    #[error("the node was put back to an older state")]
    Restored,
}
