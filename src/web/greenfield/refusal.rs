//! BTCPay's error responses: `{"code", "message"}`, and for a body with errors an array of them, each with the field's path.

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
use facture_domain::StorePermission;

/// Seconds until a rate may be available.
const RATE_RETRY_AFTER: u64 = 60;

/// Why a request is refused.
pub(crate) enum Refusal {
    /// The key is missing or not valid.
    Unauthenticated,
    /// The key lacks this permission, or is for another store.
    MissingPermission(StorePermission),
    /// The key may order refunds, and nobody is there who pays them.
    NoPayer,
    /// There is no such thing in this store.
    NotFound(Thing),
    /// This field cannot be accepted, for this reason.
    Invalid(String, String),
    /// A price has no amount in bitcoin.
    Rate(NoRate),
    /// A problem that is not BTCPay's own.
    Other(Problem),
}

/// What was not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Thing {
    Invoice,
    Webhook,
    Delivery,
    PaymentMethod,
}

impl Refusal {
    /// This field cannot be accepted.
    pub(crate) fn invalid(path: &str, reason: impl std::fmt::Display) -> Self {
        Self::Invalid(path.to_owned(), reason.to_string())
    }
}

impl From<FieldError> for Refusal {
    fn from(error: FieldError) -> Self {
        let reason = format!("must be {}", error.expected);
        Self::Invalid(error.field, reason)
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

impl From<crate::webhooks::Error> for Refusal {
    fn from(error: crate::webhooks::Error) -> Self {
        Self::Other(error.into())
    }
}

impl From<crate::payouts::Error> for Refusal {
    fn from(error: crate::payouts::Error) -> Self {
        match error {
            crate::payouts::Error::Sale(error) => error.into(),
            error => Self::Other(error.into()),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Unauthenticated => {
                let message = "Authentication is required: Authorization: token <key>.";
                let token = HeaderValue::from_static("token");
                let response = error(StatusCode::UNAUTHORIZED, "unauthenticated", message);
                ([(header::WWW_AUTHENTICATE, token)], response).into_response()
            }
            Self::MissingPermission(permission) => {
                let permission = permission.as_str();
                let body = json!({
                    "code": "missing-permission",
                    "message": format!("The key lacks the permission {permission} for this store."),
                    "missingPermission": permission,
                });
                (StatusCode::FORBIDDEN, Json(body)).into_response()
            }
            Self::NoPayer => {
                let body = json!({
                    "code": "missing-permission",
                    "message": "Refunds need a payer that is running: facture payer.",
                    "missingPermission": StorePermission::CreatePullPayments.as_str(),
                });
                (StatusCode::FORBIDDEN, Json(body)).into_response()
            }
            Self::NotFound(thing) => {
                let (code, message) = thing.words();
                error(StatusCode::NOT_FOUND, code, message)
            }
            Self::Invalid(path, reason) => {
                let body = json!([{ "path": path, "message": format!("{path}: {reason}") }]);
                (StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response()
            }
            Self::Rate(reason) => {
                tracing::warn!(error = %reason, "no price in bitcoin");
                match reason {
                    // Not the shop's fault: the same request succeeds a little later.
                    NoRate::TooFew { .. } | NoRate::TooFarApart { .. } => {
                        let retry = HeaderValue::from(RATE_RETRY_AFTER);
                        let status = StatusCode::SERVICE_UNAVAILABLE;
                        let response = error(status, "no-rate", &reason.to_string());
                        ([(header::RETRY_AFTER, retry)], response).into_response()
                    }
                    NoRate::TooHigh => Self::invalid("amount", reason).into_response(),
                    reason => Self::invalid("currency", reason).into_response(),
                }
            }
            Self::Other(problem) => {
                let message = problem.message(Language::English);
                let code = problem.code().replace('_', "-");
                let mut response = error(problem.status(), &code, &message);
                problem.mark(&mut response);
                response
            }
        }
    }
}

impl Thing {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Invoice => ("invoice-not-found", "The invoice was not found"),
            Self::Webhook => ("webhook-not-found", "The webhook was not found"),
            Self::Delivery => ("webhookdelivery-not-found", "The delivery was not found"),
            Self::PaymentMethod => (
                "paymentmethod-not-found",
                "The payment method was not found",
            ),
        }
    }
}

fn error(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(json!({ "code": code, "message": message }))).into_response()
}
