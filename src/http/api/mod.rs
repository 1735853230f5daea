//! `/api/v1`: for programs, with a token. One file a resource; what they share is in `body.rs`.

mod body;
mod invoices;

use axum::{
    Router,
    routing::{get, post},
};

use super::App;

/// All of it.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/invoices", post(invoices::create))
        .route("/api/v1/invoices/{label}", get(invoices::read))
}
