//! The layers around every route, from the outside in, each with its reason.

use std::{
    any::Any,
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    timeout::TimeoutLayer,
    trace::TraceLayer,
};
use tracing::Span;

use super::{App, charge, error::Problem, host, limit, render, streams};
use crate::metrics;

/// Where the number of a request travels, in both directions.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// No inline script, no inline style, nothing from another host; in a frame only where the configuration says.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors ";

pub(crate) fn around(routes: Router<App>, app: &App) -> Router<App> {
    let wait = match app.charge.enabled {
        true => charge::LONGEST_WAIT,
        false => Duration::from_secs(streams::wait::LONGEST),
    };
    let longest = app.node_deadline * 3 + app.body_patience + wait;
    routes.layer(
        ServiceBuilder::new()
            // A number of our own for each request, which ties an answer to the log.
            .map_request(without_request_id)
            .layer(SetRequestIdLayer::new(REQUEST_ID, Numbered))
            // One span and one summary line a request.
            .layer(
                TraceLayer::new_for_http()
                    .make_span_with(span)
                    .on_request(())
                    .on_response(summary)
                    // The cause is logged where it is known.
                    .on_failure(()),
            )
            .layer(PropagateRequestIdLayer::new(REQUEST_ID))
            // Outside of everything that writes a body. The only secret in a page is its label, and none repeats beside it
            // what a third party can choose, so the length tells nothing (BREACH). Streams are not compressed.
            .layer(CompressionLayer::new())
            // Problems get their form where the request id is known; every answer, errors too, keeps to itself.
            .layer(from_fn_with_state(
                (app.clone(), content_security_policy(app)),
                finished,
            ))
            // A bug costs one request, not the server.
            .layer(CatchPanicLayer::custom(panicked))
            // The last resort; bodies, node and store have their own deadlines.
            .layer(TimeoutLayer::with_status_code(
                StatusCode::REQUEST_TIMEOUT,
                longest,
            ))
            .layer(from_fn(host::required))
            .layer(from_fn_with_state(app.clone(), limit::bounded)),
    )
}

#[derive(Clone)]
struct Numbered;

impl MakeRequestId for Numbered {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        let number: u64 = rand::random();
        HeaderValue::from_str(&format!("{number:016x}"))
            .ok()
            .map(RequestId::new)
    }
}

/// A visitor's own request id would let them write into our log.
fn without_request_id(mut request: Request) -> Request {
    request.headers_mut().remove(REQUEST_ID);
    request
}

/// Names the route, never the path: a label in the log would be a key to the buyer's page.
fn span(request: &Request) -> Span {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("", MatchedPath::as_str);
    let id = request
        .headers()
        .get(REQUEST_ID)
        .and_then(|id| id.to_str().ok())
        .unwrap_or("");
    tracing::info_span!("request", method = %request.method(), route, id)
}

fn content_security_policy(app: &App) -> HeaderValue {
    let shops = app.embed.origins.listed();
    let ancestors = if shops.is_empty() { "'none'" } else { &shops };
    // Origins are plain text, so this cannot fail; if it did, nobody could frame us.
    HeaderValue::from_str(&format!("{CONTENT_SECURITY_POLICY}{ancestors}")).unwrap_or(
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    )
}

/// Of a request that asked for a change.
#[derive(Clone, Copy)]
struct Acted;

/// Whoever looks and looks again would fill the log with what is no news; what was to change something, or failed, is.
fn summary<B>(response: &Response<B>, latency: Duration, _: &Span) {
    let (status, ms) = (response.status(), latency.as_millis());
    let acted = response.extensions().get::<Acted>().is_some();
    match acted || status.is_server_error() {
        true => tracing::info!(status = status.as_u16(), ms, "answered"),
        false => tracing::debug!(status = status.as_u16(), ms, "answered"),
    }
}

async fn finished(
    State((app, policy)): State<(App, HeaderValue)>,
    request: Request,
    next: Next,
) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = render::render(&app, request, next).await;
    let matched = route.as_ref().map(MatchedPath::as_str);
    let status = response.status().as_u16();
    metrics::answered(method.as_str(), matched, status, began.elapsed());
    if !method.is_safe() {
        response.extensions_mut().insert(Acted);
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        // Others are told nothing. With less, browsers would hide from us that a form of ours is ours.
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(
        HeaderName::from_static("x-robots-tag"),
        HeaderValue::from_static("noindex"),
    );
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    headers
        .entry(header::VARY)
        .or_insert(HeaderValue::from_static(
            "accept, accept-language, accept-encoding",
        ));
    response
}

/// What it was, and where, is in the log (`telemetry.rs`).
fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    metrics::panicked("handler");
    Problem::Internal.into_response()
}
