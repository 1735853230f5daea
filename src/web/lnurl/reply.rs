//! Answers to wallets: always HTTP 200, since wallets read the body only (LUD-01), and never stored by anything between.

use axum::{
    Json,
    http::header,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::json;

use crate::{locale::Language, web::error::Problem};

/// Something is wrong, said for the person who holds the wallet.
#[derive(Debug)]
pub(crate) struct LnurlError(pub(crate) String);

impl LnurlError {
    /// For this reason.
    pub(crate) fn new(reason: &str) -> Self {
        Self(reason.to_owned())
    }
}

/// The words for the person who holds the wallet, whose language is not known.
impl From<Problem> for LnurlError {
    fn from(problem: Problem) -> Self {
        Self(problem.message(Language::English))
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
