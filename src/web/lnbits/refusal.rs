//! LNbits' error responses: a status and `{"detail": "…"}`.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    invoices::Error as InvoicingError,
    locale::Language,
    pricing::NoRate,
    web::{error::Problem, json_fields::FieldError},
};

/// Seconds until a rate may be available.
const RATE_RETRY_AFTER: u64 = 60;

/// Why a request is refused.
pub(crate) enum Refusal {
    /// Nothing is sent with an invoice key.
    ReceivesOnly,
    /// With this status, for this reason.
    Detail(StatusCode, String),
    /// A price has no amount in bitcoin.
    Rate(NoRate),
    /// A problem that is not LNbits' own.
    Other(Problem),
}

impl Refusal {
    /// The request cannot be read, or asks for something impossible.
    pub(crate) fn invalid(reason: impl std::fmt::Display) -> Self {
        Self::Detail(StatusCode::BAD_REQUEST, reason.to_string())
    }

    /// There is no such payment for this caller.
    pub(crate) fn not_found() -> Self {
        let reason = "Payment does not exist.".to_owned();
        Self::Detail(StatusCode::NOT_FOUND, reason)
    }
}

impl From<FieldError> for Refusal {
    fn from(error: FieldError) -> Self {
        Self::invalid(error)
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Other(problem)
    }
}

impl From<InvoicingError> for Refusal {
    fn from(error: InvoicingError) -> Self {
        match error {
            InvoicingError::NoRate(NoRate::Node(node)) => Problem::of_node(&node).into(),
            InvoicingError::NoRate(reason) => Self::Rate(reason),
            error => Self::Other(error.into()),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::ReceivesOnly => {
                // Without a status, an LNbits that pays by this one would hold the payment for pending (lnbits 1.6.2).
                let reason = "This key can receive only: nothing is sent with it.";
                let failed = json!({ "detail": reason, "status": "failed" });
                (StatusCode::FORBIDDEN, Json(failed)).into_response()
            }
            Self::Detail(status, reason) => detail(status, &reason),
            Self::Rate(error) => {
                tracing::warn!(%error, "no price in bitcoin");
                let field = match error {
                    NoRate::TooHigh => "amount",
                    _ => "unit",
                };
                let text = format!("{field}: {error}");
                match error {
                    // Not the caller's fault: the same request succeeds a little later.
                    NoRate::TooFew { .. } | NoRate::TooFarApart { .. } => {
                        let retry = HeaderValue::from(RATE_RETRY_AFTER);
                        let response = detail(StatusCode::SERVICE_UNAVAILABLE, &text);
                        ([(header::RETRY_AFTER, retry)], response).into_response()
                    }
                    _ => detail(StatusCode::BAD_REQUEST, &text),
                }
            }
            Self::Other(problem) => {
                let mut response = detail(problem.status(), &problem.message(Language::English));
                problem.mark(&mut response);
                response
            }
        }
    }
}

fn detail(status: StatusCode, reason: &str) -> Response {
    (status, Json(json!({ "detail": reason }))).into_response()
}
