//! What can go wrong with a call to the node.

use std::{fmt, time::Duration};

use facture_domain::NodeId;
use tokio::time::timeout;

/// A call that brought no result.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NodeError {
    /// It was not carried out: there is no connection, or the node is not ready.
    #[error("the node cannot be used: {0}")]
    NotSent(String),
    /// The credential does not allow it: it was not carried out.
    #[error("the node does not allow it: {0}")]
    Forbidden(String),
    /// Another node answers; it was not carried out.
    #[error("another node answers: {found}, where {expected} is expected")]
    OtherNode {
        /// The node that was meant.
        expected: NodeId,
        /// The node that answered.
        found: NodeId,
    },
    /// It may have been carried out: there is no answer, or none that can be read.
    #[error("the node's answer is missing: {0}")]
    Lost(String),
    /// The node refused.
    #[error("the node refused: {message} (code {code})")]
    Refused {
        /// Its code.
        code: i32,
        /// Its words.
        message: String,
        /// What it says beside them, if anything: the words of another node, for example.
        detail: Option<String>,
    },
}

impl NodeError {
    pub(super) fn not_sent(reason: impl fmt::Display) -> Self {
        Self::NotSent(reason.to_string())
    }

    pub(super) fn lost(reason: impl fmt::Display) -> Self {
        Self::Lost(reason.to_string())
    }
}

/// That it is the node that is meant.
pub(super) fn same(expected: &NodeId, found: NodeId) -> Result<(), NodeError> {
    if *expected == found {
        return Ok(());
    }
    Err(NodeError::OtherNode {
        expected: expected.clone(),
        found,
    })
}

/// A call, which may take so long.
pub(super) async fn within<T>(
    time: Duration,
    call: impl Future<Output = Result<T, NodeError>>,
) -> Result<T, NodeError> {
    let late = || NodeError::lost(format!("nothing within {} seconds", time.as_secs()));
    timeout(time, call).await.unwrap_or_else(|_| Err(late()))
}
