//! Following an invoice over HTTP: an event stream for browsers, a long poll for the rest. Both are woken by the hub
//! and read the event log, so they cannot disagree.

pub(crate) mod sse;
pub(crate) mod wait;

use std::convert::Infallible;

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures_util::Stream;

use crate::web::fast_path::StreamTransport;

/// Headers of every event stream. Such streams are always UTF-8 (WHATWG HTML §9.2), but some clients need to see it in
/// a header. nginx buffers responses unless a header turns that off.
const HEADERS: [(HeaderName, HeaderValue); 2] = [
    (
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream; charset=utf-8"),
    ),
    (
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    ),
];

/// A streaming response with these events, and comments in between.
pub(crate) fn answer(
    events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static,
    keep_alive: KeepAlive,
    transport: StreamTransport,
) -> Response {
    let mut answer = Sse::new(events).keep_alive(keep_alive).into_response();
    for (name, value) in HEADERS {
        answer.headers_mut().insert(name, value);
    }
    transport.respond(answer)
}
