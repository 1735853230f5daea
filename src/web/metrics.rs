//! `GET /metrics`, for Prometheus, on a separate listener: what the shop earns is not for everybody.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use jiff::Timestamp;
use tokio::task::spawn_blocking;

use crate::{
    invoices::{Invoicing, Link},
    notices::Notices,
    webhooks::Webhooks,
};
use facture_runtime::metrics::{self, Sampled};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The sources of the metrics.
#[derive(Clone)]
pub(crate) struct MetricsState {
    pub(crate) invoicing: Arc<Invoicing>,
    pub(crate) webhooks: Webhooks,
    pub(crate) notices: Notices,
}

/// All routes of that listener.
pub(crate) fn routes(state: MetricsState) -> Router {
    Router::new().route("/metrics", get(show)).with_state(state)
}

async fn show(State(state): State<MetricsState>) -> Response {
    // If the records cannot be read, which is counted, the last numbers remain.
    let waiting = state.webhooks.backlog().await.ok();
    let held = state.invoicing.count_held(u32::MAX).await.ok();
    let notices = state.notices.waiting().await.ok();
    let progress = state.invoicing.progress().borrow().clone();
    let sampled = Sampled {
        following: progress.link == Link::Following,
        applied: progress.applied.number(),
        confirmed_at: progress.confirmed_at.map_or(0, Timestamp::as_second),
        waiting: waiting.map(|backlog| {
            let age = |since: Timestamp| Timestamp::now().as_second() - since.as_second();
            (backlog.waiting, backlog.oldest.map_or(0, age).max(0))
        }),
        held,
        notices,
    };
    // Inspecting the process reads files.
    match spawn_blocking(move || metrics::exposition(sampled)).await {
        Ok(Ok(text)) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Ok(Err(_)) | Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
