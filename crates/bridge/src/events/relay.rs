//! The relay: from the API's stream to the topics. The cursor moves when the brokers have an event and all before it.

use std::{io, sync::Arc, time::Duration};

use facture_sidecar::{ApiError, Cursor, EventStream, Server, StreamError};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{
    cloud_event::{ApiEvent, Told},
    invoices,
    window::{Arrived, Sent, Window},
};
use crate::{
    config::Mode,
    kafka::{Delivery, Sink, Undelivered},
    metrics::Metrics,
};

/// After how many events the cursor is written although more are on their way. Writing it waits for the disk; after a crash
/// so many come again.
const WRITE_AFTER: u64 = 5000;

/// The first and the longest pause after a failure.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));

/// What tells events.
pub(crate) struct Relay {
    pub(crate) server: Arc<Server>,
    pub(crate) sink: Arc<Sink>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) cursor: Cursor,
    pub(crate) topic: String,
    pub(crate) source: String,
    pub(crate) mode: Mode,
    /// The topic of the invoices' states, if there is one.
    pub(crate) invoices_topic: Option<String>,
}

/// Why it begins again from the cursor.
#[derive(Debug, thiserror::Error)]
enum RelayError {
    #[error("no events: {0}")]
    Server(#[from] ApiError),
    #[error("an event cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("an event was not sent: {0}")]
    Kafka(#[from] Undelivered),
    #[error("the cursor cannot be written: {0}")]
    Cursor(#[from] io::Error),
}

impl From<StreamError> for RelayError {
    fn from(error: StreamError) -> Self {
        Self::Server(error.into())
    }
}

impl Relay {
    /// Tells events until `stop`.
    ///
    /// # Errors
    /// The cursor cannot be written.
    pub(crate) async fn run(mut self, stop: &CancellationToken) -> io::Result<()> {
        let mut pause = PAUSES.0;
        loop {
            let before = self.cursor.sequence();
            let ended = tokio::select! {
                ended = self.relay() => ended,
                () = stop.cancelled() => return Ok(()),
            };
            match ended {
                Ok(()) => {}
                Err(RelayError::Cursor(error)) => return Err(error),
                Err(error) => {
                    tracing::warn!(%error, "events begin again from the cursor");
                    self.metrics.events_retried();
                    if let RelayError::Kafka(failure) = &error {
                        self.sink.recover(failure).await;
                    }
                }
            }
            if self.cursor.sequence() != before {
                pause = PAUSES.0;
            }
            tokio::select! {
                () = sleep(pause) => pause = (pause * 2).min(PAUSES.1),
                () = stop.cancelled() => return Ok(()),
            }
        }
    }

    async fn relay(&mut self) -> Result<(), RelayError> {
        let mut stream = self.server.events(self.cursor.sequence(), "").await?;
        let mut window = Window::default();
        let mut unwritten = 0;
        loop {
            tokio::select! {
                event = stream.next(), if window.has_room() => {
                    self.send_all(&event?, &mut stream, &mut window).await?;
                }
                arrived = window.arrived(), if !window.is_empty() => {
                    let Arrived { count, sequence, timestamp } = arrived?;
                    self.metrics.events_sent(count, sequence, timestamp);
                    unwritten += count;
                    if window.is_empty() || unwritten >= WRITE_AFTER {
                        self.cursor.move_to(sequence)?;
                        unwritten = 0;
                    }
                }
            }
            self.metrics.event_waits(window.since());
        }
    }
}

impl Relay {
    /// Puts an event on its way, and all behind it that are here already.
    async fn send_all(
        &self,
        first: &[u8],
        stream: &mut EventStream,
        window: &mut Window,
    ) -> Result<(), RelayError> {
        window.push(self.send(first).await?);
        while window.has_room()
            && let Some(next) = stream.received()
        {
            window.push(self.send(&next).await?);
        }
        Ok(())
    }

    /// Puts an event on its way, and behind it the state of its invoice.
    async fn send(&self, value: &[u8]) -> Result<Sent, RelayError> {
        let event = ApiEvent::read(value)?;
        let record = event.record(&self.topic, &self.source, self.mode)?;
        let delivery = self.sink.enqueue(record).await?;
        let state = match &self.invoices_topic {
            None => None,
            Some(topic) => self.send_state(topic, &event).await?,
        };
        Ok(Sent {
            sequence: event.sequence(),
            timestamp: event.timestamp(),
            bytes: value.len(),
            event: Some(delivery),
            state,
        })
    }

    async fn send_state(
        &self,
        topic: &str,
        event: &ApiEvent<'_>,
    ) -> Result<Option<Delivery>, RelayError> {
        let record = match event.invoice()? {
            None => return Ok(None),
            Some(Told::State { label, json }) => invoices::record(topic, &label, Some(json)),
            Some(Told::Refunded(label)) => {
                let json = invoices::present(&self.server, &label).await?;
                invoices::record(topic, &label, json)
            }
        };
        Ok(Some(self.sink.enqueue(record).await?))
    }
}
