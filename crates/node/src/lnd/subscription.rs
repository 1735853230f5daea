//! Streams of invoices: one JSON text a line, on a connection of its own.
//!
//! LND begins its answer, status and headers included, with the first event, so a stream that says nothing may be
//! established or not. That is harmless with an index to begin after, since what happened before the subscription is
//! replayed then. It replays nothing for index 0: the very first invoice, and the very first payment, are never replayed.

use std::{fmt, pin::Pin};

use facture_lnd_rest::Refusal;
use http_body_util::BodyExt;
use hyper::{
    Response, StatusCode,
    body::{Bytes, Frame, Incoming},
};
use serde::Deserialize;

use super::{
    client::{self, Client},
    connection::{Connection, failed},
    error::Error,
    invoice::Listed,
    method::Method,
    refusal,
    request::Request,
};
use facture_runtime::http::{self, HttpError};

/// The longest line, in bytes. An invoice has some kilobytes, and what a payer sends with a payment some more.
const MAX_LINE: usize = 4 * 1024 * 1024;

/// The longest answer that is a refusal, in bytes.
const MAX_REFUSAL: usize = 64 * 1024;

/// After what a stream of all invoices begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// Invoices with a greater add index come first, as they are now, without those that are cancelled or held. 0: none.
    pub add_index: u64,
    /// Then those with a greater settle index. 0: none.
    pub settle_index: u64,
}

/// A stream of invoices. Dropping it ends it.
pub struct Subscription {
    method: Method,
    answer: Answer,
    /// What was read of the next line.
    line: Vec<u8>,
    _connection: Connection,
}

enum Answer {
    /// Nothing happened yet.
    Awaited(Pin<Box<dyn Future<Output = Result<Response<Incoming>, HttpError>> + Send + Sync>>),
    Begun(Incoming),
    /// With this status, which is not one of a stream.
    Refused(StatusCode, Incoming),
    Ended,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Result(Box<Listed>),
    Error(Refusal),
}

impl Client {
    /// A stream of invoices that are made or paid (`SubscribeInvoices`). It does not tell what is held, cancelled or over.
    ///
    /// # Errors
    /// [`Error`] when there is no connection within the deadline of a call.
    pub async fn subscribe(&self, after: Cursor) -> Result<Subscription, Error> {
        let query = [
            ("add_index", after.add_index.to_string()),
            ("settle_index", after.settle_index.to_string()),
        ];
        let request = Request::with_query(Method::SubscribeInvoices, &query);
        let mut connection = self.connection(request.method).await?;
        let answer = connection.send(&request).await?;
        Ok(Subscription {
            method: request.method,
            answer: Answer::Awaited(Box::pin(answer)),
            line: Vec::new(),
            _connection: connection,
        })
    }
}

impl Subscription {
    /// The next event; `None` when LND ended the stream, because it stops. It has no deadline. It can be given up and
    /// called again without a loss. After the end, or an error, it
    /// says that it ended.
    ///
    /// # Errors
    /// [`Error`] when LND refuses, or the connection ends.
    pub async fn next(&mut self) -> Result<Option<Listed>, Error> {
        let event = self.read().await;
        if !matches!(event, Ok(Some(_))) {
            self.answer = Answer::Ended;
        }
        event
    }

    /// After each step all that was read is in `self`, so that it can be given up between two.
    async fn read(&mut self) -> Result<Option<Listed>, Error> {
        let method = self.method;
        loop {
            match &mut self.answer {
                Answer::Awaited(answer) => {
                    let answer = answer.await.map_err(|error| failed(method, error))?;
                    let status = answer.status();
                    self.answer = if status.is_success() {
                        Answer::Begun(answer.into_body())
                    } else {
                        Answer::Refused(status, answer.into_body())
                    };
                }
                Answer::Begun(body) => {
                    if let Some(event) = first_line(method, &mut self.line)? {
                        return Ok(Some(event));
                    }
                    if self.line.len() > MAX_LINE {
                        let reason = format!("a line is longer than {MAX_LINE} bytes");
                        return Err(Error::Unreadable { method, reason });
                    }
                    match body.frame().await {
                        Some(frame) => extend(&mut self.line, method, frame)?,
                        None if self.line.trim_ascii().is_empty() => return Ok(None),
                        None => {
                            let reason = "it ends within a line".to_owned();
                            return Err(Error::Unreadable { method, reason });
                        }
                    }
                }
                Answer::Refused(status, body) => match body.frame().await {
                    Some(frame) if self.line.len() < MAX_REFUSAL => {
                        extend(&mut self.line, method, frame)?;
                    }
                    _ => return Err(refusal::read(method, *status, &self.line)),
                },
                Answer::Ended => return Ok(None),
            }
        }
    }
}

fn extend(
    line: &mut Vec<u8>,
    method: Method,
    frame: Result<Frame<Bytes>, hyper::Error>,
) -> Result<(), Error> {
    let frame = frame.map_err(|error| failed(method, http::lost(&error)))?;
    if let Ok(data) = frame.into_data() {
        line.extend_from_slice(&data);
    }
    Ok(())
}

/// Takes the first whole line away, and empty ones before it: LND may send a line's end by itself.
fn first_line(method: Method, read: &mut Vec<u8>) -> Result<Option<Listed>, Error> {
    while let Some(end) = read.iter().position(|byte| *byte == b'\n') {
        let line: Vec<u8> = read.drain(..=end).collect();
        if line.trim_ascii().is_empty() {
            continue;
        }
        return match client::read(method, &line)? {
            Line::Result(listed) => Ok(Some(*listed)),
            Line::Error(refusal) => Err(refusal::error_of(refusal, method)),
        };
    }
    Ok(None)
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Subscription").field(&self.method).finish()
    }
}
