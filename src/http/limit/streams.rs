//! What stays open: event streams, long polls and WebSockets, so many in all and for each client.

use std::sync::Arc;

use axum::{
    body::{Body, HttpBody},
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http_body_util::BodyExt;

use super::{Full, Place};
use crate::{
    http::{App, client::Client, error::Problem},
    metrics::{self, One},
};

/// A place among the streams. A WebSocket outlives its request and keeps it.
pub(in crate::http) type StreamPlace = Arc<(Place<Client>, One)>;

/// The routes that stay open.
const OPEN: &[&str] = &[
    "/check_invoice/{label}/events",
    "/check_invoice/{label}/wait",
    "/api/v1/events/stream",
    "/api/v1/invoices/{label}/wait",
    "/invoice/{id}/wait",
    "/checkout/{id}/wait",
    "/payment-stream",
    "/ws",
];

/// Takes a place for a stream until its body or its WebSocket ends.
pub(in crate::http) async fn bounded(
    State(app): State<App>,
    client: Client,
    path: Option<MatchedPath>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    if !path.is_some_and(|path| OPEN.contains(&path.as_str())) {
        return Ok(next.run(request).await);
    }
    let taken = app.limits.streams.take(Some(client));
    let taken = taken.map_err(|full| match full {
        Full::All => Problem::Overloaded,
        Full::Each => Problem::RateLimited { seconds: 5 },
    })?;
    let place: StreamPlace = Arc::new((taken, metrics::stream()));
    request.extensions_mut().insert(Arc::clone(&place));
    let response = next.run(request).await;
    // What is whole already needs no place any more.
    if response.body().size_hint().exact().is_some() {
        return Ok(response);
    }
    Ok(response.map(|body| {
        Body::new(body.map_frame(move |frame| {
            let _until_the_end = &place;
            frame
        }))
    }))
}
