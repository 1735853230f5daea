//! What can go wrong with a call to LND.

use std::{fmt, io, path::PathBuf, time::Duration};

use super::{
    method::Method,
    texts::{DUPLICATE_HASH, NO_INVOICES, UNKNOWN_INVOICE},
    version::Version,
};
use crate::error_kind::NodeErrorKind;
use facture_domain::NodeId;

/// A file that lets us in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialFile {
    /// `tls.cert`: whom we take for the node.
    Certificate,
    /// The macaroon: what we may do.
    Macaroon,
}

/// A call that brought no result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file that is needed to connect cannot be used: the call was not sent.
    #[error("LND's {file} cannot be used: {}: {reason}", path.display())]
    Credential {
        /// Which.
        file: CredentialFile,
        /// Where it is.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// No connection: the call was not sent. The inner text names the address, and is not a source of its own: it would
    /// repeat it.
    #[error("LND cannot be reached at {0}")]
    Unreachable(io::Error),
    /// Another node answers: the call was not sent. Its invoices must not be mixed with ours.
    #[error("another node answers: {found}, where {expected} is expected")]
    OtherNode {
        /// The node our invoices are on.
        expected: NodeId,
        /// The node that answered.
        found: NodeId,
    },
    /// The macaroon does not allow the call: it was not carried out.
    #[error(
        "LND does not let us call `{method}`: {reason}; see node.macaroon_file (`facture lnd-macaroon` prints how to make one)"
    )]
    Forbidden {
        /// The call.
        method: Method,
        /// The reason, in LND's words.
        reason: String,
    },
    /// LND runs, but does not serve calls yet, or its wallet is locked: the call was not carried out.
    #[error("LND is not ready for `{method}`: {reason}")]
    NotReady {
        /// The call.
        method: Method,
        /// The reason, in LND's words.
        reason: String,
    },
    /// Too many calls wait already: the call was not sent.
    #[error("too many calls wait for LND")]
    Busy,
    /// No answer in time; the call may have been carried out.
    #[error("LND did not answer `{method}` within {} seconds", after.as_secs_f32())]
    TimedOut {
        /// The call.
        method: Method,
        /// The deadline.
        after: Duration,
    },
    /// The connection ended before the answer; the call may have been carried out.
    #[error("LND's answer to `{method}` was lost: {reason}")]
    Lost {
        /// The call.
        method: Method,
        /// What ended it.
        reason: String,
    },
    /// What came back was cut off or is not JSON; the call may have been carried out.
    #[error("LND's answer to `{method}` cannot be read: {reason}")]
    Unreadable {
        /// The call.
        method: Method,
        /// What is wrong with it.
        reason: String,
    },
    /// LND refused.
    #[error("LND refused `{method}`: {message} (code {code})")]
    Rejected {
        /// The call.
        method: Method,
        /// gRPC's code. Nearly everything is 2, "unknown".
        code: i32,
        /// LND's message.
        message: String,
    },
    /// LND has no such call.
    #[error("this LND is too old: it has no `{method}`")]
    TooOld {
        /// The call.
        method: Method,
    },
    /// A version whose calls are not known to be those that are made here.
    #[error(
        "lnd {version} is too old: facture needs {} or newer",
        Version::MINIMUM
    )]
    OldVersion {
        /// The version.
        version: String,
    },
    /// An answer without the expected content.
    #[error("LND's answer to `{method}` makes no sense: {reason}")]
    Malformed {
        /// The call.
        method: Method,
        /// What is wrong with it.
        reason: String,
    },
}

impl Error {
    /// The same in words that fit every back end.
    pub(crate) fn neutral_kind(&self) -> NodeErrorKind {
        match self {
            Self::Credential { .. } | Self::Unreachable(_) | Self::NotReady { .. } => {
                NodeErrorKind::Unreachable
            }
            Self::OtherNode { .. } => NodeErrorKind::OtherNode,
            Self::Forbidden { .. } => NodeErrorKind::Forbidden,
            Self::Busy => NodeErrorKind::Busy,
            Self::TimedOut { .. } => NodeErrorKind::TimedOut,
            Self::Lost { .. } | Self::Unreadable { .. } => NodeErrorKind::AnswerLost,
            Self::Malformed { .. } => NodeErrorKind::Malformed,
            Self::Rejected { .. } => NodeErrorKind::Rejected,
            Self::TooOld { .. } | Self::OldVersion { .. } => NodeErrorKind::Unsupported,
        }
    }

    /// LND's words, when it refused the call.
    pub fn refusal(&self) -> Option<&str> {
        match self {
            Self::Rejected { message, .. } => Some(message),
            _ => None,
        }
    }

    /// Whether LND refused an invoice because it has one of this payment hash already, in whatever state.
    pub fn is_duplicate_hash(&self) -> bool {
        self.refusal() == Some(DUPLICATE_HASH)
    }

    /// Whether LND has no invoice of this payment hash.
    pub(super) fn is_unknown_invoice(&self) -> bool {
        matches!(self.refusal(), Some(UNKNOWN_INVOICE | NO_INVOICES))
    }

    /// The metrics label: one word.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Credential { .. } => "credential",
            Self::Unreachable(_) => "unreachable",
            Self::OtherNode { .. } => "other_node",
            Self::Forbidden { .. } => "forbidden",
            Self::NotReady { .. } => "not_ready",
            Self::Busy => "busy",
            Self::TimedOut { .. } => "timed_out",
            Self::Lost { .. } => "lost",
            Self::Unreadable { .. } => "unreadable",
            Self::Rejected { .. } => "rejected",
            Self::TooOld { .. } | Self::OldVersion { .. } => "too_old",
            Self::Malformed { .. } => "malformed",
        }
    }
}

pub(super) fn malformed(method: Method, reason: impl fmt::Display) -> Error {
    Error::Malformed {
        method,
        reason: reason.to_string(),
    }
}

impl fmt::Display for CredentialFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Certificate => "certificate (node.tls_cert_file)",
            Self::Macaroon => "macaroon (node.macaroon_file)",
        })
    }
}
