//! The producer: idempotent, and acknowledged by all replicas.

use std::time::Duration;

use krafka::{
    Kafka, KrafkaError, Record,
    producer::{Acks, DeliveryHandle, Producer},
};
use tokio::time::sleep;

/// How long a record waits for others to travel with.
const LINGER: Duration = Duration::from_millis(1);

/// How long the library tries to deliver a record, before it is given back to us, who try again.
const DELIVERY_TIMEOUT: Duration = Duration::from_mins(5);

/// The first and the longest pause after a failure.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));

/// Where answers, dead letters and events go.
pub(crate) struct Sink {
    producer: Producer,
}

impl Sink {
    /// Opens a producer.
    ///
    /// # Errors
    /// The library's, about its settings.
    pub(crate) async fn open(kafka: &Kafka) -> Result<Self, KrafkaError> {
        let producer = kafka
            .producer()
            .acks(Acks::All)
            .idempotent(true)
            .linger(LINGER)
            .delivery_timeout(DELIVERY_TIMEOUT)
            .metrics_push(false);
        Ok(Self {
            producer: producer.build().await?,
        })
    }

    /// Sends a record, again and again until the brokers have it. It may then be there twice.
    pub(crate) async fn send(&self, record: Record) {
        let mut pause = PAUSES.0;
        while let Err(error) = self.producer.send(record.clone()).await {
            tracing::error!(topic = record.topic, %error, "not sent; it is tried again");
            sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    /// Sends what is on its way, and ends.
    pub(crate) async fn close(&self) {
        if let Err(error) = self.producer.close().await {
            tracing::warn!(%error, "the producer did not end in order");
        }
    }

    /// Puts a record behind those before it. What is returned ends when the brokers have it.
    ///
    /// # Errors
    /// The library's.
    pub(crate) async fn enqueue(&self, record: Record) -> Result<DeliveryHandle, KrafkaError> {
        self.producer.enqueue(record).await
    }
}
