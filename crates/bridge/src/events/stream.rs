//! The API's stream of events (server-sent events, WHATWG HTML §9.2).

use facture_runtime::http::Connection;
use http_body_util::BodyExt;
use hyper::body::Incoming;

use crate::server::{ApiError, Server};

/// The longest event, in bytes.
const MAX_EVENT_BYTES: usize = 1024 * 1024;

/// A stream that is open.
pub(super) struct EventStream {
    body: Incoming,
    lines: Lines,
    _connection: Connection,
}

/// Bytes that are not read to the end of a line yet, and the data of the event that they belong to.
#[derive(Debug, Default)]
struct Lines {
    buffer: Vec<u8>,
    data: Vec<u8>,
}

impl EventStream {
    /// Opens the stream of what comes after this event.
    pub(super) async fn open(server: &Server, after: u64) -> Result<Self, ApiError> {
        let path = format!("/events/stream?after={after}");
        let (connection, answer) = server.stream(&path).await?;
        Ok(Self {
            body: answer.into_body(),
            lines: Lines::default(),
            _connection: connection,
        })
    }

    /// The JSON of the next event. A call that is dropped loses nothing.
    pub(super) async fn next(&mut self) -> Result<Vec<u8>, ApiError> {
        loop {
            if let Some(data) = self.lines.next_event() {
                return Ok(data);
            }
            let ended = |reason: String| ApiError::Unavailable(reason);
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
