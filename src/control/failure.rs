//! Why something is not done on the control socket.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::wire::ErrorJson;

/// Why something is not done. Its owner may read all of it.
pub(super) struct ControlError(pub(super) StatusCode, pub(super) String);

impl ControlError {
    pub(super) fn failed(error: impl std::fmt::Display) -> Self {
        Self(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        (self.0, Json(ErrorJson { error: self.1 })).into_response()
    }
}
