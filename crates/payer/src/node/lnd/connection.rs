//! One connection, one call. An answer is one JSON text, or the first line of a stream that says something.

use std::{fmt, path::Path};

use facture_lnd_rest::{MACAROON, Meaning, Refusal};
use facture_runtime::{
    http::{self, HttpError},
    tls,
};
use http_body_util::BodyExt;
use hyper::{
    Request, StatusCode,
    body::Incoming,
    header::{self, HeaderValue},
};
use tokio::task::spawn_blocking;

use super::{client::Lnd, method::Method};
use crate::node::error::NodeError;

/// The longest answer, and the longest line of a stream, in bytes.
const MAX_ANSWER_BYTES: usize = 4 * 1024 * 1024;

/// A stream that has begun.
pub(super) struct Stream {
    body: Incoming,
    read: Vec<u8>,
    _connection: http::Connection,
}

impl Lnd {
    /// Sends a request and waits until its answer begins.
    pub(super) async fn request(
        &self,
        method: Method,
        path_end: &str,
        body: Option<String>,
    ) -> Result<Stream, NodeError> {
        let (mut connection, macaroon) = self.open().await?;
        let verb = match &body {
            Some(_) => hyper::Method::POST,
            None => hyper::Method::GET,
        };
        let request = Request::builder()
            .method(verb)
            .uri(format!("/{}{path_end}", method.path()))
            .header(header::HOST, self.address.host())
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/json")
            .header(MACAROON, macaroon)
            .body(body.unwrap_or_default().into())
            .map_err(NodeError::not_sent)?;
        let answer = connection.send(request).await.map_err(lost)?;
        let answer = answer.await.map_err(lost)?;
        let status = answer.status();
        if status.is_success() {
            return Ok(Stream {
                body: answer.into_body(),
                read: Vec::new(),
                _connection: connection,
            });
        }
        let body = http::read(answer.into_body(), MAX_ANSWER_BYTES).await;
        Err(refusal(status, &body.map_err(lost)?))
    }

    async fn open(&self) -> Result<(http::Connection, HeaderValue), NodeError> {
        let certificate = read_file(&self.certificate_file).await?;
        let trust =
            tls::pinned(&certificate).map_err(|error| unusable(&self.certificate_file, &error))?;
        let macaroon = read_file(&self.macaroon_file).await?;
        let header = facture_lnd_rest::macaroon(&macaroon)
            .map_err(|error| unusable(&self.macaroon_file, &error))?;
        let opened = http::Connection::open(&http::connector(trust), &self.address).await;
        Ok((opened.map_err(NodeError::not_sent)?, header))
    }
}

impl Stream {
    /// The whole answer.
    pub(super) async fn whole(self) -> Result<Vec<u8>, NodeError> {
        let body = http::read(self.body, MAX_ANSWER_BYTES).await;
        body.map(|body| body.to_vec()).map_err(lost)
    }

    /// The next line that is not empty; `None` at the end.
    pub(super) async fn line(&mut self) -> Result<Option<Vec<u8>>, NodeError> {
        loop {
            if let Some(end) = self.read.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.read.drain(..=end).collect();
                if line.trim_ascii().is_empty() {
                    continue;
                }
                return Ok(Some(line));
            }
            if self.read.len() > MAX_ANSWER_BYTES {
                return Err(NodeError::lost("a line is too long"));
            }
            match self.body.frame().await {
                None => return Ok(None),
                Some(frame) => {
                    let frame = frame.map_err(|error| lost(http::lost(&error)))?;
                    if let Ok(data) = frame.into_data() {
                        self.read.extend_from_slice(&data);
                    }
                }
            }
        }
    }
}

fn refusal(status: StatusCode, body: &[u8]) -> NodeError {
    match Refusal::read(body) {
        Some(refusal) => error_of(refusal),
        // Something in between.
        None => NodeError::Lost(format!("HTTP status {status}")),
    }
}

/// The error that a refusal is.
pub(super) fn error_of(refusal: Refusal) -> NodeError {
    match refusal.meaning() {
        Meaning::Forbidden(reason) => NodeError::Forbidden(reason),
        Meaning::NotReady(reason) => NodeError::NotSent(reason),
        Meaning::Lost(reason) => NodeError::Lost(reason),
        Meaning::Refused { code, message } => NodeError::Refused {
            code,
            message,
            detail: None,
        },
    }
}

fn lost(error: HttpError) -> NodeError {
    NodeError::Lost(error.into_reason())
}

fn unusable(path: &Path, error: &dyn fmt::Display) -> NodeError {
    NodeError::NotSent(format!("{}: {error}", path.display()))
}

/// Apart from the other tasks: a file system may hang.
async fn read_file(path: &Path) -> Result<Vec<u8>, NodeError> {
    let file = path.to_owned();
    let content = spawn_blocking(move || std::fs::read(file)).await;
    let content = content.map_err(|error| unusable(path, &error))?;
    content.map_err(|error| unusable(path, &error))
}
