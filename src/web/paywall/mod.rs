//! The paywall, as proxies and paying programs speak it.

mod answer;
mod check;
mod query;

use axum::{Router, routing::get};

use crate::web::state::App;

/// All routes.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/402/check", get(check::check))
}
