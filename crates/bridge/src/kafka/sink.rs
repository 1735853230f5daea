//! The producer: idempotent, and acknowledged by all replicas. One that has ended for good is replaced.

use std::{sync::Arc, time::Duration};

use krafka::{
    Kafka, KrafkaError, Record,
    error::ErrorCode,
    producer::{Acks, DeliveryHandle, Producer},
};
use tokio::{
    sync::RwLock,
    time::{sleep, timeout},
};

use crate::metrics::Metrics;

/// How long a record waits for others to travel with.
const LINGER: Duration = Duration::from_millis(1);

/// How many bytes of records travel together, where the topics take so many. A batch is the same work for the brokers,
/// whatever is in it.
const BATCH_BYTES: usize = 256 * 1024;

/// What a batch has beside its records, and more, in bytes.
const BATCH_HEAD_BYTES: usize = 128;

/// How long the library tries to deliver a record, before it is given back to us, who try again.
const DELIVERY_TIMEOUT: Duration = Duration::from_mins(5);

/// The first and the longest pause after a failure.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));

/// How long a producer that was replaced may take to end.
const END: Duration = Duration::from_secs(5);

/// Where answers, dead letters and events go.
pub(crate) struct Sink {
    kafka: Kafka,
    batch_bytes: usize,
    current: RwLock<Current>,
    metrics: Arc<Metrics>,
}

/// The producer, and which one it is.
struct Current {
    producer: Arc<Producer>,
    number: u64,
}

/// A record that is on its way.
pub(crate) struct Delivery {
    handle: DeliveryHandle,
    number: u64,
}

/// A record that was not sent, as far as is known.
#[derive(Debug, thiserror::Error)]
#[error("{source}")]
pub(crate) struct Undelivered {
    source: KrafkaError,
    /// Of the producer that had it.
    number: u64,
}

impl Sink {
    /// Opens a producer. `longest`: the longest batch that all its topics take, in bytes, if that is known.
    ///
    /// # Errors
    /// The library's, about its settings.
    pub(crate) async fn open(
        kafka: &Kafka,
        longest: Option<usize>,
        metrics: Arc<Metrics>,
    ) -> Result<Self, KrafkaError> {
        let batch_bytes = batch_bytes(longest);
        let current = Current {
            producer: Arc::new(producer(kafka, batch_bytes).await?),
            number: 0,
        };
        Ok(Self {
            kafka: kafka.clone(),
            batch_bytes,
            current: RwLock::new(current),
            metrics,
        })
    }

    /// Sends a record, again and again until the brokers have it. It may then be there twice.
    pub(crate) async fn send(&self, record: Record) {
        let mut pause = PAUSES.0;
        loop {
            let (producer, number) = self.producer().await;
            let Err(source) = producer.send(record.clone()).await else {
                return;
            };
            tracing::error!(topic = record.topic, error = %source, "not sent; it is tried again");
            self.recover(&Undelivered { source, number }).await;
            sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    /// Sends what is on its way, and ends.
    pub(crate) async fn close(&self) {
        if let Err(error) = self.producer().await.0.close().await {
            tracing::warn!(%error, "the producer did not end in order");
        }
    }

    /// Puts a record behind those before it.
    ///
    /// # Errors
    /// [`Undelivered`]: it is not behind them.
    pub(crate) async fn enqueue(&self, record: Record) -> Result<Delivery, Undelivered> {
        let (producer, number) = self.producer().await;
        match producer.enqueue(record).await {
            Ok(handle) => Ok(Delivery { handle, number }),
            Err(source) => Err(Undelivered { source, number }),
        }
    }

    /// After a failure: a producer that can send nothing more is replaced. What it had on its way has failed, so its users
    /// send that again.
    pub(crate) async fn recover(&self, failure: &Undelivered) {
        if !is_end(&failure.source) {
            return;
        }
        let mut current = self.current.write().await;
        if current.number != failure.number {
            // Somebody else was faster.
            return;
        }
        match producer(&self.kafka, self.batch_bytes).await {
            Ok(new) => {
                tracing::warn!(error = %failure.source, "the producer has ended; another takes its place");
                let old = std::mem::replace(&mut current.producer, Arc::new(new));
                current.number += 1;
                self.metrics.producer_replaced();
                tokio::spawn(async move { timeout(END, old.close()).await });
            }
            Err(error) => tracing::error!(%error, "no new producer; it is tried again"),
        }
    }

    async fn producer(&self) -> (Arc<Producer>, u64) {
        let current = self.current.read().await;
        (Arc::clone(&current.producer), current.number)
    }
}

impl Delivery {
    /// Ends when the brokers have it. A call that is dropped loses nothing.
    ///
    /// # Errors
    /// [`Undelivered`].
    pub(crate) async fn done(&mut self) -> Result<(), Undelivered> {
        let number = self.number;
        let delivered = (&mut self.handle).await;
        delivered
            .map(drop)
            .map_err(|source| Undelivered { source, number })
    }
}

/// How many bytes of records travel together, where batches may be so long.
fn batch_bytes(longest: Option<usize>) -> usize {
    let records = longest.map(|bytes| bytes.saturating_sub(BATCH_HEAD_BYTES).max(1));
    records.map_or(BATCH_BYTES, |bytes| bytes.min(BATCH_BYTES))
}

async fn producer(kafka: &Kafka, batch_bytes: usize) -> Result<Producer, KrafkaError> {
    let producer = kafka
        .producer()
        .acks(Acks::All)
        .idempotent(true)
        .linger(LINGER)
        .batch_size(batch_bytes)
        .delivery_timeout(DELIVERY_TIMEOUT)
        .metrics_push(false);
    producer.build().await
}

/// Whether the producer fails all that it is given from now on. The library ends it for some codes, too, that it does not
/// call fatal (`producer/identity.rs` in krafka 0.28).
fn is_end(error: &KrafkaError) -> bool {
    error.is_fatal()
        || matches!(
            error,
            KrafkaError::Broker {
                code: ErrorCode::InvalidProducerIdMapping | ErrorCode::UnsupportedVersion,
                ..
            }
        )
}

#[cfg(test)]
mod tests {
    use krafka::testing::{ApiKey, Control, FakeBroker};

    use super::*;

    const TOPIC: &str = "answers";

    async fn sink(broker: &FakeBroker) -> Sink {
        broker.create_topic(TOPIC, 1);
        let kafka = Kafka::builder(broker.bootstrap_servers());
        let kafka = kafka.connect().await.unwrap();
        Sink::open(&kafka, None, Metrics::new()).await.unwrap()
    }

    fn values(broker: &FakeBroker) -> Vec<Vec<u8>> {
        let records = broker.all_records(TOPIC).unwrap().into_iter();
        records
            .map(|record| record.value.unwrap().to_vec())
            .collect()
    }

    #[test]
    fn batches_are_no_longer_than_the_topics_take() {
        assert_eq!(batch_bytes(None), BATCH_BYTES);
        assert_eq!(batch_bytes(Some(1_048_588)), BATCH_BYTES);
        assert_eq!(batch_bytes(Some(20_000)), 20_000 - BATCH_HEAD_BYTES);
        // The broker refuses a record; the library refuses a batch of nothing.
        assert_eq!(batch_bytes(Some(0)), 1);
    }

    /// Each of these ends the producer: all that it is given later fails, too.
    #[tokio::test]
    async fn a_producer_that_has_ended_is_replaced() {
        for code in [
            ErrorCode::ProducerFenced,
            ErrorCode::InvalidProducerIdMapping,
            ErrorCode::ClusterAuthorizationFailed,
        ] {
            let broker = FakeBroker::start().await.unwrap();
            let sink = sink(&broker).await;
            sink.send(Record::new(TOPIC, "before")).await;
            broker.on_once(ApiKey::Produce, move |_| Control::Error(code));
            sink.send(Record::new(TOPIC, "then")).await;
            sink.send(Record::new(TOPIC, "after")).await;
            assert_eq!(
                values(&broker),
                [&b"before"[..], b"then", b"after"],
                "{code:?}"
            );
            assert_eq!(sink.producer().await.1, 1, "{code:?}");
        }
    }

    /// Many notice at once; one replaces it. Nothing that was on its way is taken for sent.
    #[tokio::test]
    async fn it_is_replaced_once_however_many_notice() {
        let broker = FakeBroker::start().await.unwrap();
        let sink = sink(&broker).await;
        broker.on_times(ApiKey::Produce, 2, |_| {
            Control::Error(ErrorCode::InvalidProducerEpoch)
        });
        let mut failed = Vec::new();
        for number in 0..10 {
            let mut delivery = sink.enqueue(Record::new(TOPIC, number.to_string())).await;
            if let Ok(delivery) = &mut delivery {
                failed.extend(delivery.done().await.err());
            }
            failed.extend(delivery.err());
        }
        assert_eq!(failed.len(), 10);
        assert_eq!(values(&broker).len(), 0);
        for failure in &failed {
            sink.recover(failure).await;
        }
        assert_eq!(sink.producer().await.1, 1);
        sink.enqueue(Record::new(TOPIC, "again"))
            .await
            .unwrap()
            .done()
            .await
            .unwrap();
        assert_eq!(values(&broker), [b"again"]);
    }

    /// What another try mends is no end.
    #[tokio::test]
    async fn one_that_fails_for_a_while_stays() {
        let broker = FakeBroker::start().await.unwrap();
        let sink = sink(&broker).await;
        broker.on_once(ApiKey::Produce, |_| {
            Control::Error(ErrorCode::TopicAuthorizationFailed)
        });
        sink.send(Record::new(TOPIC, "then")).await;
        assert_eq!(values(&broker), [b"then"]);
        assert_eq!(sink.producer().await.1, 0);
    }
}
