//! Why a destination is not paid.

use facture_domain::payout::FailureCode;

use crate::node::NodeError;

/// Why a destination is not paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// For programs.
    pub(crate) code: FailureCode,
    /// For people.
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(code: FailureCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// With the usual words for this code.
    pub(crate) fn of(code: FailureCode) -> Self {
        Self::new(code, code.explanation())
    }
}

/// Why there is no invoice.
#[derive(Clone, Debug)]
pub(crate) enum NoInvoice {
    /// There never will be.
    Refused(Refusal),
    /// The destination did not answer: it is worth another try.
    NoAnswer(String),
    /// Our own node did not answer.
    NodeAway(NodeError),
}

impl From<Refusal> for NoInvoice {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
