//! What the HTTP interfaces of both kinds answer with: JSON, whole or cut.

use std::{io, time::SystemTime};

#[cfg(feature = "faults")]
use futures_util::stream;
#[cfg(feature = "faults")]
use http_body_util::StreamBody;
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
#[cfg(feature = "faults")]
use hyper::body::Frame;
use hyper::{Response, StatusCode, body::Bytes, header};

use crate::clock::Clock;

/// A body; an error in it closes the connection.
pub(crate) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// What a request becomes; an error closes the connection.
pub(crate) type Answer = io::Result<Response<Body>>;

/// All of this text.
pub(crate) fn whole(status: StatusCode, text: impl Into<Bytes>) -> Answer {
    let body = Full::new(text.into()).map_err(|never| match never {});
    response(status, body.boxed_unsync(), None)
}

/// Half of this text, then the end of the connection.
#[cfg(feature = "faults")]
pub(crate) fn cut(status: StatusCode, text: &str) -> Answer {
    let half = Bytes::copy_from_slice(&text.as_bytes()[..text.len() / 2]);
    let frames = stream::iter([Ok(Frame::data(half)), Err(aborted())]);
    let body = BodyExt::boxed_unsync(StreamBody::new(frames));
    response(status, body, Some(text.len()))
}

/// An answer with the node's time, as an HTTP server says it.
pub(crate) fn dated(answer: Answer, clock: &Clock) -> Answer {
    let mut response = answer?;
    let now = SystemTime::UNIX_EPOCH + clock.now();
    if let Ok(date) = header::HeaderValue::from_str(&httpdate::fmt_http_date(now)) {
        response.headers_mut().insert(header::DATE, date);
    }
    Ok(response)
}

/// What closes the connection.
pub(crate) fn aborted() -> io::Error {
    io::ErrorKind::ConnectionAborted.into()
}

/// With this body, and its length if that is to be said although it is not known from the body.
pub(crate) fn response(status: StatusCode, body: Body, length: Option<usize>) -> Answer {
    let mut response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "application/json");
    if let Some(length) = length {
        response = response.header(header::CONTENT_LENGTH, length);
    }
    response.body(body).map_err(io::Error::other)
}
