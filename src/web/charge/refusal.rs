//! Lightning Charge's error responses: a status and a line of text.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    invoices::{Error as InvoicingError, SharedError},
    pricing::NoRate,
    web::error::Problem,
};

/// Seconds until a rate may be available: the plugin retries a failed source after a minute.
const RATE_RETRY_AFTER: u64 = 60;

/// Why a request is refused.
pub(crate) enum Refusal {
    /// Only the status and its name.
    Status(StatusCode),
    /// The same, and how to authenticate.
    Unauthorized,
    /// Refused by lightningd, or would be.
    Lightning(String),
    /// No exchange rate is available.
    Rate(NoRate),
    /// A problem that Lightning Charge had no response for.
    Other(Problem),
}

impl Refusal {
    /// The node could not be reached, or refused: an error that several requests share.
    pub(crate) fn of_node(error: &SharedError) -> Self {
        match error.refusal() {
            Some(words) => Self::Lightning(words.to_owned()),
            None => Self::Other(Problem::of_node(error)),
        }
    }
}

impl From<InvoicingError> for Refusal {
    fn from(error: InvoicingError) -> Self {
        match &error {
            InvoicingError::Node(node) => match node.refusal() {
                Some(words) => Self::Lightning(words.to_owned()),
                None => Self::Other(error.into()),
            },
            InvoicingError::NoRate(NoRate::Node(node)) => Self::of_node(node),
            InvoicingError::NoRate(reason) => Self::Rate(reason.clone()),
            _ => Self::Other(error.into()),
        }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::InvoiceNotFound => Self::Status(StatusCode::NOT_FOUND),
            Problem::MalformedJson | Problem::BadRequest => Self::Status(StatusCode::BAD_REQUEST),
            Problem::TooLarge => Self::Status(StatusCode::PAYLOAD_TOO_LARGE),
            problem => Self::Other(problem),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Status(status) => {
                (status, status.canonical_reason().unwrap_or_default()).into_response()
            }
            Self::Unauthorized => {
                let basic = HeaderValue::from_static("Basic realm=\"Lightning Charge\"");
                let refusal = Self::Status(StatusCode::UNAUTHORIZED);
                ([(header::WWW_AUTHENTICATE, basic)], refusal).into_response()
            }
            Self::Lightning(words) => {
                let text = format!("LightningError: {words}");
                (StatusCode::BAD_REQUEST, text).into_response()
            }
            Self::Rate(error) => {
                let status = match error {
                    NoRate::Unsupported(_) => StatusCode::NOT_IMPLEMENTED,
                    // Not the shop's fault: the same request succeeds a little later.
                    NoRate::TooFew { .. } | NoRate::TooFarApart { .. } | NoRate::Node(_) => {
                        StatusCode::SERVICE_UNAVAILABLE
                    }
                    NoRate::Unknown(_) | NoRate::TooHigh => StatusCode::BAD_REQUEST,
                };
                tracing::warn!(%error, "no price in bitcoin");
                let mut response = (status, format!("currency: {error}")).into_response();
                if status == StatusCode::SERVICE_UNAVAILABLE {
                    let headers = response.headers_mut();
                    headers.insert(header::RETRY_AFTER, RATE_RETRY_AFTER.into());
                }
                response
            }
            Self::Other(problem) => problem.into_response(),
        }
    }
}
