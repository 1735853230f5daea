//! The API's stream of events (server-sent events, WHATWG HTML §9.2).

use std::time::Duration;

use facture_runtime::http::{self, Connection, HttpError};
use http_body_util::BodyExt;
use hyper::{Method, StatusCode, body::Incoming};
use tokio::time::timeout;

use crate::api::{ApiClient, ApiProblem};

/// The longest event, in bytes.
const MAX_EVENT_BYTES: usize = 1024 * 1024;

/// The longest answer that is no stream, in bytes.
const MAX_PROBLEM_BYTES: usize = 64 * 1024;

/// How long the server may take until the stream begins.
const DEADLINE: Duration = Duration::from_secs(60);

/// A stream that is open.
pub struct EventStream {
    body: Incoming,
    lines: Lines,
    _connection: Connection,
}

/// Why there are no events.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StreamError {
    /// The server answers with something else.
    #[error("{} ({status})", problem.message)]
    Refused {
        /// Its status.
        status: StatusCode,
        /// What it says.
        problem: ApiProblem,
    },
    /// There is no connection, or it has ended; the reason.
    #[error("{0}")]
    Lost(String),
}

/// Bytes that are not read to the end of a line yet, and the data of the event that they belong to.
#[derive(Debug, Default)]
struct Lines {
    buffer: Vec<u8>,
    data: Vec<u8>,
}

impl EventStream {
    /// Opens the stream of what comes after this event. `query` is added to the request, such as `&types=invoice.paid`.
    ///
    /// # Errors
    /// [`StreamError`].
    pub async fn open(api: &ApiClient, after: u64, query: &str) -> Result<Self, StreamError> {
        let path = format!("/api/v1/events/stream?after={after}{query}");
        let request = api.request(Method::GET, &path, None, Vec::new());
        let request = request.map_err(|error| StreamError::Lost(error.to_string()))?;
        let begin = async {
            let opened = api.endpoint.open().await;
            let mut connection = opened.map_err(|error| StreamError::Lost(error.to_string()))?;
            let sent = connection.send(request).await.map_err(lost)?;
            let answer = sent.await.map_err(lost)?;
            let (head, body) = answer.into_parts();
            if head.status != StatusCode::OK {
                let body = http::read(body, MAX_PROBLEM_BYTES).await;
                return Err(StreamError::Refused {
                    status: head.status,
                    problem: ApiProblem::read(&body.unwrap_or_default()),
                });
            }
            Ok(Self {
                body,
                lines: Lines::default(),
                _connection: connection,
            })
        };
        let late = |_| StreamError::Lost("no answer in time".to_owned());
        timeout(DEADLINE, begin).await.map_err(late).flatten()
    }

    /// The JSON of the next event. A call that is dropped loses nothing.
    ///
    /// # Errors
    /// [`StreamError::Lost`] when the stream has ended.
    pub async fn next(&mut self) -> Result<Vec<u8>, StreamError> {
        loop {
            if let Some(data) = self.lines.next_event() {
                return Ok(data);
            }
            let ended = |reason: String| StreamError::Lost(reason);
            let frame = self.body.frame().await;
            let frame = frame.ok_or_else(|| ended("the stream has ended".to_owned()))?;
            let frame = frame.map_err(|error| ended(error.to_string()))?;
            if let Some(bytes) = frame.data_ref() {
                self.lines.buffer.extend_from_slice(bytes);
            }
            if self.lines.buffer.len() > MAX_EVENT_BYTES {
                return Err(ended("an event is too long".to_owned()));
            }
        }
    }
}

fn lost(error: HttpError) -> StreamError {
    StreamError::Lost(error.into_reason())
}

impl Lines {
    fn next_event(&mut self) -> Option<Vec<u8>> {
        loop {
            let end = self.buffer.iter().position(|byte| *byte == b'\n')?;
            let line: Vec<u8> = self.buffer.drain(..=end).collect();
            let line = line.strip_suffix(b"\n").unwrap_or(&line);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if let Some(data) = line.strip_prefix(b"data:") {
                let data = data.strip_prefix(b" ").unwrap_or(data);
                self.data.extend_from_slice(data);
            } else if line.is_empty() && !self.data.is_empty() {
                return Some(std::mem::take(&mut self.data));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_whole_however_they_are_cut() {
        let text =
            b": hello\n\nid: 1\nevent: a\ndata: {\"one\":1}\n\nretry: 5\n\nid: 2\ndata: {}\n\n";
        for size in 1..text.len() {
            let (mut lines, mut events) = (Lines::default(), Vec::new());
            for bytes in text.chunks(size) {
                lines.buffer.extend_from_slice(bytes);
                while let Some(event) = lines.next_event() {
                    events.push(event);
                }
            }
            assert_eq!(events, [&b"{\"one\":1}"[..], b"{}"]);
        }
    }
}
