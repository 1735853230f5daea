//! Answers to wallets: always HTTP 200, since wallets read the body only (LUD-01), and never stored by anything between.

use axum::{
    Json,
    http::header,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::json;

/// Something is wrong, said for the person who holds the wallet.
#[derive(Debug)]
pub(crate) struct LnurlError(pub(crate) String);

impl LnurlError {
    /// For this reason.
    pub(crate) fn new(reason: &str) -> Self {
        Self(reason.to_owned())
    }
}

impl IntoResponse for LnurlError {
    fn into_response(self) -> Response {
        reply(&json!({ "status": "ERROR", "reason": self.0 }))
    }
}

/// An answer.
pub(crate) fn reply(body: &impl Serialize) -> Response {
    let headers = [(header::CACHE_CONTROL, "no-store")];
    (headers, Json(body)).into_response()
}
