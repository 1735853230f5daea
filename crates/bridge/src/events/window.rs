//! The events that are on their way to the brokers, in the order of the log.

use std::collections::VecDeque;

use futures_util::FutureExt;
use jiff::Timestamp;

use crate::kafka::{Delivery, Undelivered};

/// How many events may be on their way, and how many bytes of them.
const MAX_EVENTS: usize = 10_000;
const MAX_BYTES: usize = 3 * 1024 * 1024;

/// An event that is on its way.
pub(super) struct Sent {
    pub(super) sequence: u64,
    pub(super) timestamp: Timestamp,
    /// How much it takes.
    pub(super) bytes: usize,
    pub(super) event: Option<Delivery>,
    /// That of the state of its invoice.
    pub(super) state: Option<Delivery>,
}

/// Events that the brokers have, and all before them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrived {
    /// How many.
    pub(super) count: u64,
    /// The last one.
    pub(super) sequence: u64,
    /// When that was recorded.
    pub(super) timestamp: Timestamp,
}

/// Those events.
#[derive(Default)]
pub(super) struct Window {
    sent: VecDeque<Sent>,
    bytes: usize,
    /// Why the first one did not arrive, until that was told.
    failed: Option<Undelivered>,
}

impl Window {
    /// Whether one more may be sent.
    pub(super) fn has_room(&self) -> bool {
        self.sent.len() < MAX_EVENTS && self.bytes < MAX_BYTES
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sent.is_empty()
    }

    /// When the first one was recorded.
    pub(super) fn since(&self) -> Option<Timestamp> {
        self.sent.front().map(|first| first.timestamp)
    }

    /// Puts one behind the others.
    pub(super) fn push(&mut self, sent: Sent) {
        self.bytes += sent.bytes;
        self.sent.push_back(sent);
    }

    /// Waits until the brokers have the first one. Takes it out, and those behind it that have arrived, too. A call that is
    /// dropped takes nothing out.
    pub(super) async fn arrived(&mut self) -> Result<Arrived, Undelivered> {
        if let Some(failed) = self.failed.take() {
            return Err(failed);
        }
        let mut arrived = self.first().await?;
        while let Some(next) = self.first().now_or_never() {
            match next {
                Ok(next) => {
                    let count = arrived.count + next.count;
                    arrived = Arrived { count, ..next };
                }
                Err(failed) => {
                    self.failed = Some(failed);
                    break;
                }
            }
        }
        Ok(arrived)
    }

    async fn first(&mut self) -> Result<Arrived, Undelivered> {
        let Some(first) = self.sent.front_mut() else {
            return std::future::pending().await;
        };
        for delivery in [&mut first.event, &mut first.state] {
            if let Some(waits) = delivery {
                waits.done().await?;
                // Asked once only.
                *delivery = None;
            }
        }
        let arrived = Arrived {
            count: 1,
            sequence: first.sequence,
            timestamp: first.timestamp,
        };
        self.bytes -= first.bytes;
        self.sent.pop_front();
        Ok(arrived)
    }
}

#[cfg(test)]
mod tests {
    use krafka::{
        Kafka, Record,
        error::ErrorCode,
        testing::{ApiKey, Control, FakeBroker},
    };

    use super::*;
    use crate::{kafka::Sink, metrics::Metrics};

    const TOPIC: &str = "facture.events.v1";

    async fn sink(broker: &FakeBroker) -> Sink {
        broker.create_topic(TOPIC, 1);
        let kafka = Kafka::builder(broker.bootstrap_servers());
        let kafka = kafka.connect().await.unwrap();
        Sink::open(&kafka, None, Metrics::new()).await.unwrap()
    }

    async fn sent(sink: &Sink, sequence: u64, bytes: usize) -> Sent {
        let record = Record::new(TOPIC, sequence.to_string());
        Sent {
            sequence,
            timestamp: Timestamp::UNIX_EPOCH,
            bytes,
            event: Some(sink.enqueue(record).await.unwrap()),
            state: None,
        }
    }

    #[tokio::test]
    async fn what_has_arrived_makes_room_and_is_told_once() {
        let broker = FakeBroker::start().await.unwrap();
        let (sink, mut window) = (sink(&broker).await, Window::default());
        for sequence in 1..=4 {
            assert!(window.has_room());
            window.push(sent(&sink, sequence, MAX_BYTES / 4).await);
        }
        assert!(!window.has_room());
        let mut told = 0;
        while !window.is_empty() {
            let arrived = window.arrived().await.unwrap();
            told += arrived.count;
            assert_eq!(arrived.sequence, told);
        }
        assert_eq!(told, 4);
        assert!(window.has_room());
    }

    /// And nothing behind it counts as told.
    #[tokio::test]
    async fn what_has_not_arrived_is_an_error() {
        let broker = FakeBroker::start().await.unwrap();
        let (sink, mut window) = (sink(&broker).await, Window::default());
        window.push(sent(&sink, 1, 1).await);
        assert_eq!(window.arrived().await.unwrap().sequence, 1);
        broker.on_once(ApiKey::Produce, |_| {
            Control::Error(ErrorCode::TopicAuthorizationFailed)
        });
        for sequence in 2..=4 {
            window.push(sent(&sink, sequence, 1).await);
        }
        assert!(window.arrived().await.is_err());
        assert_eq!(window.sent.front().map(|first| first.sequence), Some(2));
    }
}
