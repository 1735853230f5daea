//! The event log as notifications: each payment is told to the connections that see it. The cursor moves when a relay of each has
//! it, or when it is too old to be news.

use std::{collections::VecDeque, io, sync::Arc, time::Duration};

use facture_sidecar::{ApiError, Cursor, EventStream, Server, StreamError};
use futures_util::future::join_all;
use jiff::Timestamp;
use nostr::{
    error::Error,
    event::{Event, EventBuilder, FinalizeEvent, Tag},
};
use serde::Deserialize;
use tokio::{sync::watch, time::sleep};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use crate::{
    cipher::Cipher,
    connection::Connection,
    relay::Pool,
    wire::{ApiInvoice, Transaction, kind_of_notification, payment_received},
};

/// For how long a payment is news. Relays do not keep notifications: who was away then asks.
const NEWS: Duration = Duration::from_secs(3600);

/// How many payments may be on their way to relays.
const MAX_UNDER_WAY: usize = 1000;

/// After how many events the cursor is written although more are here.
const WRITE_AFTER: usize = 1000;

/// The first and the longest pause after a failure.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));

/// What tells payments.
pub(crate) struct Notifications {
    pub(crate) server: Arc<Server>,
    pub(crate) connections: watch::Receiver<Arc<[Connection]>>,
    pub(crate) pool: Arc<Pool>,
    pub(crate) cursor: Cursor,
}

/// Why it begins again from the cursor.
#[derive(Debug, thiserror::Error)]
enum FollowError {
    #[error("no events: {0}")]
    Server(#[from] ApiError),
    #[error("no events: {0}")]
    Stream(#[from] StreamError),
    #[error("an event cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("the cursor cannot be written: {0}")]
    Cursor(#[from] io::Error),
}

/// What is read of an event.
#[derive(Deserialize)]
struct EventJson {
    sequence: u64,
    timestamp: Timestamp,
    data: DataJson,
}

#[derive(Deserialize)]
struct DataJson {
    invoice: Option<ApiInvoice>,
}

/// Payments on their way to relays, in the order of the log.
type UnderWay = VecDeque<(u64, AbortOnDropHandle<()>)>;

impl Notifications {
    /// Tells payments until `stop`.
    ///
    /// # Errors
    /// The cursor cannot be written.
    pub(crate) async fn run(mut self, stop: &CancellationToken) -> io::Result<()> {
        let mut pause = PAUSES.0;
        loop {
            let before = self.cursor.sequence();
            let ended = tokio::select! {
                ended = self.follow() => ended,
                () = stop.cancelled() => return Ok(()),
            };
            match ended {
                Ok(()) => {}
                Err(FollowError::Cursor(error)) => return Err(error),
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

    async fn follow(&mut self) -> Result<(), FollowError> {
        let after = self.cursor.sequence();
        let mut stream = self.server.events(after, "&types=invoice.paid").await?;
        let mut under_way = UnderWay::new();
        let mut unwritten = 0;
        loop {
            tokio::select! {
                event = stream.next(), if under_way.len() < MAX_UNDER_WAY => {
                    self.tell_all(&event?, &mut stream, &mut under_way)?;
                }
                Some(sequence) = first_done(&mut under_way) => {
                    unwritten += 1;
                    if under_way.is_empty() || unwritten >= WRITE_AFTER {
                        self.cursor.move_to(sequence)?;
                        unwritten = 0;
                    }
                }
            }
        }
    }

    /// Puts a payment on its way, and all behind it that are here already.
    fn tell_all(
        &self,
        first: &[u8],
        stream: &mut EventStream,
        under_way: &mut UnderWay,
    ) -> Result<(), FollowError> {
        self.tell(first, under_way)?;
        while under_way.len() < MAX_UNDER_WAY
            && let Some(next) = stream.received()
        {
            self.tell(&next, under_way)?;
        }
        Ok(())
    }

    fn tell(&self, event: &[u8], under_way: &mut UnderWay) -> Result<(), FollowError> {
        let event: EventJson = serde_json::from_slice(event)?;
        let age = Timestamp::now().duration_since(event.timestamp);
        let left = Duration::try_from(age).map_or(NEWS, |age| NEWS.saturating_sub(age));
        let told = match event.data.invoice {
            Some(invoice) if !left.is_zero() => self.told(invoice, event.timestamp),
            _ => Vec::new(),
        };
        let pool = Arc::clone(&self.pool);
        let task = tokio::spawn(async move {
            join_all(told.into_iter().map(|(connection, event)| {
                let pool = Arc::clone(&pool);
                async move { publish(&pool, &connection, &event, left).await }
            }))
            .await;
        });
        under_way.push_back((event.sequence, AbortOnDropHandle::new(task)));
        Ok(())
    }

    /// The notifications of a payment.
    fn told(&self, invoice: ApiInvoice, paid: Timestamp) -> Vec<(Connection, Event)> {
        let connections = self.connections.borrow().clone();
        let seeing: Vec<_> = connections
            .iter()
            // Events have whole seconds.
            .filter(|connection| connection.created_at.as_second() <= paid.as_second())
            .filter(|connection| invoice.is_seen_by(connection))
            .collect();
        if seeing.is_empty() {
            return Vec::new();
        }
        let text = payment_received(&Transaction::of(invoice));
        let mut told = Vec::new();
        for connection in seeing {
            for cipher in Cipher::ALL {
                match notification(connection, cipher, &text) {
                    Ok(event) => told.push((connection.clone(), event)),
                    Err(error) => tracing::error!(%error, "a notification cannot be made"),
                }
            }
        }
        told
    }
}

async fn publish(pool: &Pool, connection: &Connection, event: &Event, left: Duration) {
    if let Err(error) = pool.publish(&connection.relays, event, left).await {
        tracing::warn!(connection = %connection.name, %error, "a payment was not told");
    }
}

/// Waits for the first one and takes it out. A call that is dropped takes nothing out.
async fn first_done(under_way: &mut UnderWay) -> Option<u64> {
    let (sequence, task) = under_way.front_mut()?;
    let sequence = *sequence;
    if let Err(error) = task.await {
        tracing::error!(%error, "a payment was not told");
    }
    under_way.pop_front();
    Some(sequence)
}

fn notification(connection: &Connection, cipher: Cipher, text: &str) -> Result<Event, Error> {
    let content = cipher.encrypt(connection, text)?;
    EventBuilder::new(kind_of_notification(cipher), content)
        .tag(Tag::public_key(connection.client))
        .finalize(&connection.service)
}
