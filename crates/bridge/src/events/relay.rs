//! The relay: from the API's stream to the topic. The cursor moves when the brokers have an event and all before it.

use std::{collections::VecDeque, io, sync::Arc, time::Duration};

use jiff::Timestamp;
use krafka::{KrafkaError, producer::DeliveryHandle};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{cloud_event::EventJson, cursor::Cursor, stream::EventStream};
use crate::{
    kafka::Sink,
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
}

/// An event that is on its way.
struct Pending {
    sequence: u64,
    timestamp: Timestamp,
    delivery: DeliveryHandle,
}

/// Why it begins again from the cursor.
#[derive(Debug, thiserror::Error)]
enum RelayError {
    #[error("no events: {0}")]
    Server(#[from] ApiError),
    #[error("an event cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("an event was not sent: {0}")]
    Kafka(#[from] KrafkaError),
    #[error("the cursor cannot be written: {0}")]
    Cursor(#[from] io::Error),
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
                Err(error) => tracing::warn!(%error, "events begin again from the cursor"),
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
        let mut stream = EventStream::open(&self.server, self.cursor.sequence()).await?;
        let mut pending: VecDeque<Pending> = VecDeque::new();
        let mut unwritten = 0;
        loop {
            tokio::select! {
                event = stream.next(), if pending.len() < MAX_PENDING => {
                    let value = event?;
                    let event: EventJson = serde_json::from_slice(&value)?;
                    let record = event.record(&self.topic, &self.source, value);
                    pending.push_back(Pending {
                        sequence: event.sequence,
                        timestamp: event.timestamp,
                        delivery: self.sink.enqueue(record).await?,
                    });
                }
                delivered = first(&mut pending), if !pending.is_empty() => {
                    let (sequence, timestamp) = delivered?;
                    self.metrics.event_sent(sequence, timestamp);
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

/// Waits until the brokers have the first one, and takes it out. A call that is dropped takes nothing out.
async fn first(pending: &mut VecDeque<Pending>) -> Result<(u64, Timestamp), KrafkaError> {
    let Some(event) = pending.front_mut() else {
        return std::future::pending().await;
    };
    let delivered = (&mut event.delivery).await;
    let told = (event.sequence, event.timestamp);
    pending.pop_front();
    delivered.map(|_| told)
}
