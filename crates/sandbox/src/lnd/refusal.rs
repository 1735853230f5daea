//! How LND refuses: a gRPC code, a text, and the HTTP status that grpc-gateway makes of the code.

use hyper::StatusCode;
use serde_json::{Value, json};

use crate::journal::Unwritten;

/// A call that is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: i32,
    pub(super) message: String,
}

impl Refusal {
    /// Code 2, LND's for nearly everything.
    pub(super) fn unknown(message: impl Into<String>) -> Self {
        Self::new(2, message)
    }

    /// Code 3: what was sent could not be read.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(3, message)
    }

    /// Code 5.
    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(5, message)
    }

    /// Any code.
    pub(super) fn new(code: i32, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// The HTTP status.
    pub(super) fn status(&self) -> StatusCode {
        match self.code {
            3 => StatusCode::BAD_REQUEST,
            5 => StatusCode::NOT_FOUND,
            12 => StatusCode::NOT_IMPLEMENTED,
            14 => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The body.
    pub(super) fn to_json(&self) -> Value {
        json!({ "code": self.code, "message": self.message, "details": [] })
    }
}

impl From<Unwritten> for Refusal {
    fn from(error: Unwritten) -> Self {
        Self::unknown(error.to_string())
    }
}
