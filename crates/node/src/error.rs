//! What can go wrong with a node, in words that fit every back end.

use crate::cln::error::Error as ClnError;

/// A call to the node that brought no result. Its text is the back end's own: it names the call and what happened.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct NodeError(Cause);

#[derive(Debug, thiserror::Error)]
enum Cause {
    #[error(transparent)]
    Cln(ClnError),
}

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeErrorKind {
    /// There is no connection: the call was not sent.
    Unreachable,
    /// Another node answers than the one our invoices are on: the call was not sent.
    OtherNode,
    /// Our credential does not allow the call: it was not carried out.
    Forbidden,
    /// Too many calls wait already: the call was not sent.
    Busy,
    /// No answer within the deadline: the call may have been carried out.
    TimedOut,
    /// The answer was lost or cut off: the call may have been carried out.
    AnswerLost,
    /// The answer is complete but is not what it should be, or contradicts an earlier one.
    Malformed,
    /// The node refused the call.
    Rejected,
    /// The node has no such call: it is too old or lacks a plugin.
    Unsupported,
}

impl NodeError {
    /// What kind of failure it was.
    pub fn kind(&self) -> NodeErrorKind {
        let Self(Cause::Cln(error)) = self;
        match error {
            ClnError::Unreachable(_) => NodeErrorKind::Unreachable,
            ClnError::OtherNode { .. } => NodeErrorKind::OtherNode,
            ClnError::Forbidden { .. } => NodeErrorKind::Forbidden,
            ClnError::Busy => NodeErrorKind::Busy,
            ClnError::TimedOut { .. } => NodeErrorKind::TimedOut,
            ClnError::Lost { .. } | ClnError::Unreadable { .. } => NodeErrorKind::AnswerLost,
            ClnError::Malformed { .. } | ClnError::Contradiction { .. } => NodeErrorKind::Malformed,
            ClnError::Rejected { .. } => NodeErrorKind::Rejected,
            ClnError::TooOld { .. } | ClnError::NoPlugin { .. } => NodeErrorKind::Unsupported,
        }
    }

    /// The node's own words, when it refused the call.
    pub fn refusal(&self) -> Option<&str> {
        let Self(Cause::Cln(error)) = self;
        error.refusal()
    }

    /// Whether the node has an invoice with this label already.
    pub fn is_duplicate(&self) -> bool {
        let Self(Cause::Cln(error)) = self;
        error.is_duplicate_label()
    }
}

impl From<ClnError> for NodeError {
    fn from(error: ClnError) -> Self {
        Self(Cause::Cln(error))
    }
}
