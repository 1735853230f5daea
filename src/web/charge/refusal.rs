//! What Lightning Charge says when it does not do what it is asked for: a status and a line of text.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    invoices::{ConversionError, Error as InvoicingError, SharedError},
    web::error::Problem,
};

/// When there may be a rate again, in seconds: the plugin asks a source that failed again after a minute.
const RATE_RETRY_AFTER: u64 = 60;

/// Why something is not done.
pub(crate) enum Refusal {
    /// Only the status and its name.
    Status(StatusCode),
    /// The same, and how to be let in.
    Unauthorized,
    /// What lightningd refuses, or would.
    Lightning(String),
    /// What no rate can be found for.
    Rate(ConversionError),
    /// What Lightning Charge had no answer for.
    Other(Problem),
}

impl Refusal {
    /// The node could not be asked, or refused.
    pub(crate) fn node(error: impl Into<InvoicingError>) -> Self {
        error.into().into()
    }

    /// The same, for an answer that several share.
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

impl From<ConversionError> for Refusal {
    fn from(error: ConversionError) -> Self {
        match error {
            ConversionError::Node(error) => Self::node(error),
            error => Self::Rate(error),
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
                    ConversionError::Unsupported(_) => StatusCode::NOT_IMPLEMENTED,
                    // Not the shop's fault: the same is right a little later.
                    ConversionError::Outage(_) => StatusCode::SERVICE_UNAVAILABLE,
                    _ => StatusCode::BAD_REQUEST,
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
