//! The API's stream of events (server-sent events, WHATWG HTML §9.2).

use std::time::Duration;

use bytes::Bytes;
use facture_runtime::http::{self, Connection, HttpError};
use http_body_util::BodyExt;
use hyper::{Method, StatusCode, body::Incoming};
use tokio::time::timeout;

use crate::{
    api::{ApiClient, ApiProblem},
    event_lines::EventLines,
};

/// The longest event, in bytes.
const MAX_EVENT_BYTES: usize = 1024 * 1024;

/// The longest answer that is no stream, in bytes.
const MAX_PROBLEM_BYTES: usize = 64 * 1024;

/// How long the server may take until the stream begins.
const DEADLINE: Duration = Duration::from_secs(60);

/// A stream that is open.
pub struct EventStream {
    body: Incoming,
    lines: EventLines,
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
                lines: EventLines::default(),
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
    pub async fn next(&mut self) -> Result<Bytes, StreamError> {
        loop {
            if let Some(data) = self.received() {
                return Ok(data);
            }
            let ended = |reason: String| StreamError::Lost(reason);
            if self.lines.waiting() > MAX_EVENT_BYTES {
                return Err(ended("an event is too long".to_owned()));
            }
            let frame = self.body.frame().await;
            let frame = frame.ok_or_else(|| ended("the stream has ended".to_owned()))?;
            let frame = frame.map_err(|error| ended(error.to_string()))?;
            if let Some(bytes) = frame.data_ref() {
                self.lines.add(bytes);
            }
        }
    }

    /// The JSON of the next event, if it is here already.
    pub fn received(&mut self) -> Option<Bytes> {
        self.lines.next_event()
    }
}

fn lost(error: HttpError) -> StreamError {
    StreamError::Lost(error.into_reason())
}
