//! Why a command was not carried out, in the source's words and in ours.

use serde::Serialize;
use utoipa::ToSchema;

use crate::command::{Reason, Rejected};

/// What the source says when its node does not answer: the words of gRPC's client for Python.
pub(crate) const NODE_DOWN: &str = "failed to connect to all addresses";

/// Why a command was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Failure {
    /// The source's word, of a payment: LND's, such as `no_route`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    payment_error: Option<&'static str>,
    /// The reason in words, of anything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    error: Option<String>,
    /// For programs: the API's code, or the word of a dead letter.
    code: String,
    /// The invalid field.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    field: Option<String>,
}

impl Failure {
    /// It is no command.
    pub(crate) fn rejected(rejected: &Rejected) -> Self {
        Self {
            payment_error: None,
            error: Some(rejected.message.clone()),
            code: rejected.reason.as_str().to_owned(),
            field: match rejected.reason {
                Reason::BadField => rejected.field.map(str::to_owned),
                _ => None,
            },
        }
    }

    /// The API refuses it.
    pub(crate) fn refused(code: String, message: String, field: Option<String>) -> Self {
        Self {
            payment_error: None,
            error: Some(message),
            code,
            field,
        }
    }

    /// There was no answer for as long as the command was good.
    pub(crate) fn node_down(code: &str) -> Self {
        Self::refused(code.to_owned(), NODE_DOWN.to_owned(), None)
    }

    /// A payout has failed with this code. It is not paid, and will not be by this command.
    pub(crate) fn of_payout(code: &str) -> Self {
        match payment_error(code) {
            None => Self::node_down(code),
            Some(word) => Self {
                payment_error: Some(word),
                error: None,
                code: code.to_owned(),
                field: None,
            },
        }
    }
}

/// The source's word for the code of a payout or of the API; `None`: the node is down. They are LND's
/// (`payments/db/errors.go`, `FailureReason.String`); `invoice expired` is what LND says of a payment request that has.
fn payment_error(code: &str) -> Option<&'static str> {
    Some(match code {
        "already_paid" => "invoice is already paid",
        // LND finds no route when every one costs more than the limit.
        "no_route" | "fee_limit" => "no_route",
        "timeout" => "timeout",
        "insufficient_funds" => "insufficient_balance",
        "destination_refused" => "incorrect_payment_details",
        "invoice_expired" => "invoice expired",
        "payout_cancelled" => "canceled",
        "node_unavailable" => return None,
        _ => "error",
    })
}
