//! The relay: from the API's stream to the topics. The cursor moves when the brokers have an event and all before it.

use std::{collections::VecDeque, io, sync::Arc, time::Duration};

use facture_sidecar::{Cursor, StreamError};
use jiff::Timestamp;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{
    cloud_event::{EventJson, Told},
    invoices,
};
use crate::{
    config::Mode,
    kafka::{Delivery, Sink, Undelivered},
    metrics::Metrics,
    server::{ApiError, Server},
};

/// How many events may be on their way to the brokers.
const MAX_PENDING: usize = 1000;

/// After how many events the cursor is written although more are on their way.
const WRITE_AFTER: usize = 500;

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

/// An event that is on its way.
struct Pending {
    sequence: u64,
    timestamp: Timestamp,
    event: Option<Delivery>,
    /// That of the state of its invoice.
    state: Option<Delivery>,
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
        let mut stream = self.server.events(self.cursor.sequence()).await?;
        let mut pending: VecDeque<Pending> = VecDeque::new();
        let mut unwritten = 0;
        loop {
            tokio::select! {
                event = stream.next(), if pending.len() < MAX_PENDING => {
                    pending.push_back(self.send(&event?).await?);
                    self.measure(&pending);
                }
                delivered = first(&mut pending), if !pending.is_empty() => {
                    let (sequence, timestamp) = delivered?;
                    self.metrics.event_sent(sequence, timestamp);
                    self.measure(&pending);
                    unwritten += 1;
                    if pending.is_empty() || unwritten >= WRITE_AFTER {
                        self.cursor.move_to(sequence)?;
                        unwritten = 0;
                    }
                }
            }
        }
    }
}

impl Relay {
    /// Puts an event on its way, and behind it the state of its invoice.
    async fn send(&self, value: &[u8]) -> Result<Pending, RelayError> {
        let event = EventJson::read(value)?;
        let record = event.record(&self.topic, &self.source, self.mode, value)?;
        let delivery = self.sink.enqueue(record).await?;
        let state = match &self.invoices_topic {
            None => None,
            Some(topic) => self.send_state(topic, &event).await?,
        };
        Ok(Pending {
            sequence: event.sequence,
            timestamp: event.timestamp,
            event: Some(delivery),
            state,
        })
    }

    async fn send_state(
        &self,
        topic: &str,
        event: &EventJson<'_>,
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

    fn measure(&self, pending: &VecDeque<Pending>) {
        self.metrics
            .event_waits(pending.front().map(|first| first.timestamp));
    }
}

/// Waits until the brokers have the first one, and takes it out. A call that is dropped takes nothing out.
async fn first(pending: &mut VecDeque<Pending>) -> Result<(u64, Timestamp), Undelivered> {
    let Some(first) = pending.front_mut() else {
        return std::future::pending().await;
    };
    if let Some(event) = &mut first.event {
        event.done().await?;
        // Asked once only.
        first.event = None;
    }
    if let Some(state) = &mut first.state {
        state.done().await?;
    }
    let told = (first.sequence, first.timestamp);
    pending.pop_front();
    Ok(told)
}
