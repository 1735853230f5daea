//! What can go wrong with a call to lightningd.

use std::{io, time::Duration};

use serde_json::Value;

use crate::{cln::method::Method, error_kind::NodeErrorKind};
use facture_domain::NodeId;

/// A call that brought no result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No connection: the call was not sent. The inner text names the socket or the address, and is not a source of its
    /// own: it would be said twice.
    #[error("lightningd cannot be reached at {0}")]
    Unreachable(io::Error),
    /// Another node answers: the call was not sent. Its invoices must not be mixed with ours.
    #[error("another node answers: {found}, where {expected} is expected")]
    OtherNode {
        /// The node our invoices are on.
        expected: NodeId,
        /// The node that answered.
        found: NodeId,
    },
    /// We may not make the call, which is clnrest's to say: it was not carried out.
    #[error(
        "lightningd does not let us call `{method}`: {reason}; see node.rune (`facture rune` prints how to make one)"
    )]
    Forbidden {
        /// The RPC.
        method: Method,
        /// Why, without the rune.
        reason: String,
    },
    /// Too many calls wait already: the call was not sent.
    #[error("too many calls wait for lightningd")]
    Busy,
    /// No answer in time; the call may have been carried out.
    #[error("lightningd did not answer `{method}` within {} seconds", after.as_secs_f32())]
    TimedOut {
        /// The RPC.
        method: Method,
        /// The deadline.
        after: Duration,
    },
    /// The connection ended before the answer; the call may have been carried out.
    #[error("lightningd's answer to `{method}` was lost: {reason}")]
    Lost {
        /// The RPC.
        method: Method,
        /// What ended it.
        reason: String,
    },
    /// What came back was cut off or is not JSON; the call may have been carried out.
    #[error("lightningd's answer to `{method}` cannot be read: {reason}")]
    Unreadable {
        /// The RPC.
        method: Method,
        /// What is wrong with it.
        reason: String,
    },
    /// lightningd refused, with one of its error codes (`common/jsonrpc_errors.h` in lightningd).
    #[error("lightningd refused `{method}`: {message} (code {code})")]
    Rejected {
        /// The RPC.
        method: Method,
        /// lightningd's code, such as 900 for a label that exists.
        code: i32,
        /// lightningd's message.
        message: String,
        /// The `data` that some errors have.
        data: Option<Value>,
    },
    /// lightningd has no such call.
    #[error("this lightningd is too old: it has no `{method}`, which came with v23.08")]
    TooOld {
        /// The RPC.
        method: Method,
    },
    /// facture's plugin does not run in lightningd, so that it has no such call.
    #[error("lightningd has no `{method}`: facture's plugin does not run there")]
    NoPlugin {
        /// The RPC.
        method: Method,
    },
    /// It reported an index, and then a smaller one.
    #[error("lightningd contradicts itself: its updated index was {said} and is {now}")]
    Contradiction {
        /// The first value.
        said: u64,
        /// The value now.
        now: u64,
    },
    /// An answer without the expected content.
    #[error("lightningd's answer to `{method}` makes no sense: {reason}")]
    Malformed {
        /// The RPC.
        method: Method,
        /// What is wrong with it.
        reason: String,
    },
}

/// `invoice`: the label exists already.
pub(super) const DUPLICATE_LABEL: i32 = 900;

/// `invoice`: another invoice has the preimage; the same one, if it is asked for again.
pub(super) const DUPLICATE_PREIMAGE: i32 = 901;

/// `delinvoice`: there is no such invoice.
pub(super) const UNKNOWN_INVOICE: i32 = 905;

/// `delinvoice`: the invoice is in another state.
pub(super) const OTHER_STATUS: i32 = 906;

/// An unknown method (JSON-RPC 2.0).
pub(super) const UNKNOWN_METHOD: i32 = -32601;

impl Error {
    /// The same in words that fit every back end.
    pub(crate) fn neutral_kind(&self) -> NodeErrorKind {
        match self {
            Self::Unreachable(_) => NodeErrorKind::Unreachable,
            Self::OtherNode { .. } => NodeErrorKind::OtherNode,
            Self::Forbidden { .. } => NodeErrorKind::Forbidden,
            Self::Busy => NodeErrorKind::Busy,
            Self::TimedOut { .. } => NodeErrorKind::TimedOut,
            Self::Lost { .. } | Self::Unreadable { .. } => NodeErrorKind::AnswerLost,
            Self::Malformed { .. } | Self::Contradiction { .. } => NodeErrorKind::Malformed,
            Self::Rejected { .. } => NodeErrorKind::Rejected,
            Self::TooOld { .. } | Self::NoPlugin { .. } => NodeErrorKind::Unsupported,
        }
    }

    /// lightningd's words, when it refused the call.
    pub fn refusal(&self) -> Option<&str> {
        match self {
            Self::Rejected { message, .. } => Some(message),
            _ => None,
        }
    }

    /// The metrics label: one word.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "unreachable",
            Self::OtherNode { .. } => "other_node",
            Self::Forbidden { .. } => "forbidden",
            Self::Busy => "busy",
            Self::TimedOut { .. } => "timed_out",
            Self::Lost { .. } => "lost",
            Self::Unreadable { .. } => "unreadable",
            Self::Rejected { .. } => "rejected",
            Self::TooOld { .. } => "too_old",
            Self::NoPlugin { .. } => "no_plugin",
            Self::Contradiction { .. } => "contradiction",
            Self::Malformed { .. } => "malformed",
        }
    }

    /// Whether the node refused a label, or the preimage of an invoice, because it has it already.
    pub fn is_duplicate(&self) -> bool {
        matches!(
            self,
            Self::Rejected {
                method: Method::Invoice | Method::FactureHoldCreate,
                code: DUPLICATE_LABEL,
                ..
            } | Self::Rejected {
                method: Method::Invoice,
                code: DUPLICATE_PREIMAGE,
                ..
            }
        )
    }
}

pub(super) fn malformed(method: Method, reason: &str) -> Error {
    Error::Malformed {
        method,
        reason: reason.to_owned(),
    }
}
