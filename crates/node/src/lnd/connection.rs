//! One connection to LND: it takes a [`Request`] only, serves one call at a time, and says what went wrong in our words.

use std::fmt;

use http_body_util::Full;
use hyper::{
    Response,
    body::{Bytes, Incoming},
    header,
};
use jiff::Timestamp;

use super::{
    endpoint::Access,
    error::Error,
    method::{Method, Verb},
    refusal,
    request::Request,
};
use crate::time;
use facture_lnd_rest::MACAROON;
use facture_runtime::http::{self, HttpError};

/// So long an answer may be, in bytes. A page of 1,000 invoices has some 2 MB, without what was sent with payments.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// An answer. It is JSON, or not: it was not looked into.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) body: Bytes,
    /// The node's time, as its HTTP server says it.
    pub(super) at: Option<Timestamp>,
}

/// A connection without a call under way.
pub(super) struct Connection {
    http: http::Connection,
    access: Access,
}

impl Connection {
    pub(super) fn new(http: http::Connection, access: Access) -> Self {
        Self { http, access }
    }

    /// A caller that gives the call up must give the connection up.
    pub(super) async fn call(&mut self, request: &Request) -> Result<Answer, Error> {
        let method = request.method;
        let failed = |error| failed(method, error);
        let answer = self.send(request).await?.await.map_err(failed)?;
        let status = answer.status();
        let at = time::date(answer.headers());
        let body = http::read(answer.into_body(), MAX_ANSWER_BYTES).await;
        let body = body.map_err(failed)?;
        if status.is_success() {
            Ok(Answer { body, at })
        } else {
            Err(refusal::read(method, status, &body))
        }
    }

    /// Sends a request. What this returns waits until the answer begins.
    pub(super) async fn send(
        &mut self,
        request: &Request,
    ) -> Result<impl Future<Output = Result<Response<Incoming>, HttpError>> + Send + use<>, Error>
    {
        let method = request.method;
        let lost = |reason: String| Error::Lost { method, reason };
        let verb = match method.verb() {
            Verb::Get => hyper::Method::GET,
            Verb::Post => hyper::Method::POST,
        };
        let mut builder = hyper::Request::builder()
            .method(verb)
            .uri(&request.target)
            .header(header::HOST, &self.access.host)
            .header(header::ACCEPT, "application/json")
            .header(MACAROON, &self.access.macaroon);
        if request.body.is_some() {
            builder = builder.header(header::CONTENT_TYPE, "application/json");
        }
        let body = Full::new(request.body.clone().unwrap_or_default());
        let request = builder
            .body(body)
            .map_err(|error| lost(error.to_string()))?;
        let answer = self.http.send(request).await;
        answer.map_err(|error| failed(method, error))
    }
}

/// An answer that did not come, or not to its end.
pub(super) fn failed(method: Method, error: HttpError) -> Error {
    match error {
        HttpError::Lost(reason) => Error::Lost { method, reason },
        HttpError::Unreadable(reason) => Error::Unreadable { method, reason },
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connection")
    }
}
