//! What is counted and measured, as Prometheus reads it, and the listener where it may ask.

mod ages;

use std::{net::SocketAddr, sync::Arc};

use http_body_util::Full;
use hyper::{Response, StatusCode, body::Bytes, header, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use prometheus_client::{
    encoding::text::encode,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::{Registry, Unit},
};
use tokio::{io, net::TcpListener};

use self::ages::Ages;
use crate::{
    answer::Status,
    command::{Reason, Task},
};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Labels<const N: usize> = [(&'static str, &'static str); N];

/// What the bridge counts.
pub(crate) struct Metrics {
    registry: Registry,
    answers: Family<Labels<2>, Counter>,
    dead_letters: Family<Labels<1>, Counter>,
    in_flight: Gauge,
    waiting: Gauge,
    retries: Counter,
    events: Counter,
    sequence: Gauge,
    event_time: Gauge,
    event_retries: Counter,
    producers: Counter,
    tombstones: Counter,
    oldest_command: Gauge,
    oldest_event: Gauge,
    ages: Ages,
}

impl Metrics {
    pub(crate) fn new() -> Arc<Self> {
        let mut metrics = Self {
            registry: Registry::with_prefix("facture_bridge"),
            answers: Family::default(),
            dead_letters: Family::default(),
            in_flight: Gauge::default(),
            waiting: Gauge::default(),
            retries: Counter::default(),
            events: Counter::default(),
            sequence: Gauge::default(),
            event_time: Gauge::default(),
            event_retries: Counter::default(),
            producers: Counter::default(),
            tombstones: Counter::default(),
            oldest_command: Gauge::default(),
            oldest_event: Gauge::default(),
            ages: Ages::default(),
        };
        let registry = &mut metrics.registry;
        registry.register(
            "answers",
            "Answers, by task and status",
            metrics.answers.clone(),
        );
        let letters = metrics.dead_letters.clone();
        registry.register("dead_letters", "Dead letters, by reason", letters);
        let gauge = metrics.in_flight.clone();
        registry.register("commands_in_flight", "Commands that are under way", gauge);
        let gauge = metrics.waiting.clone();
        registry.register("commands_waiting", "Commands that are not read yet", gauge);
        let retries = metrics.retries.clone();
        registry.register(
            "command_retries",
            "Commands that had to wait for the server",
            retries,
        );
        registry.register(
            "events",
            "Events that the brokers have",
            metrics.events.clone(),
        );
        let gauge = metrics.sequence.clone();
        registry.register(
            "event_sequence",
            "The last event that the brokers have",
            gauge,
        );
        let help = "When that event was recorded, in seconds since 1970";
        registry.register("event_timestamp_seconds", help, metrics.event_time.clone());
        metrics.register_troubles();
        for reason in Reason::ALL {
            drop(
                metrics
                    .dead_letters
                    .get_or_create(&[("reason", reason.as_str())]),
            );
        }
        Arc::new(metrics)
    }

    fn register_troubles(&mut self) {
        let registry = &mut self.registry;
        for (name, help, gauge) in [
            (
                "commands_oldest",
                "How long the oldest command that is under way has waited since it arrived; 0: there is none",
                &self.oldest_command,
            ),
            (
                "events_oldest",
                "How long ago the first event was recorded that was read and that the brokers do not have; 0: there is none",
                &self.oldest_event,
            ),
        ] {
            registry.register_with_unit(name, help, Unit::Seconds, gauge.clone());
        }
        for (name, help, counter) in [
            (
                "event_retries",
                "How often events began again from the cursor",
                &self.event_retries,
            ),
            (
                "producers_replaced",
                "Producers that had ended for good",
                &self.producers,
            ),
            (
                "tombstones",
                "Invoices whose records are deleted, taken out of the topic of invoices",
                &self.tombstones,
            ),
        ] {
            registry.register(name, help, counter.clone());
        }
    }

    pub(crate) fn answered(&self, task: Task, status: &Status) {
        let labels = [("task", task.as_str()), ("status", status.as_str())];
        self.answers.get_or_create(&labels).inc();
    }

    pub(crate) fn dead_letter(&self, reason: Reason) {
        self.dead_letters
            .get_or_create(&[("reason", reason.as_str())])
            .inc();
    }

    /// A command is under way that arrived at this time, in milliseconds since 1970.
    pub(crate) fn entered(&self, arrived_at: i64) {
        self.in_flight.inc();
        self.ages.enter(arrived_at);
    }

    /// It is no longer.
    pub(crate) fn left(&self, arrived_at: i64) {
        self.in_flight.dec();
        self.ages.leave(arrived_at);
    }

    /// How many commands are under way.
    pub(crate) fn in_flight(&self) -> usize {
        usize::try_from(self.in_flight.get()).unwrap_or(0)
    }

    pub(crate) fn waiting(&self, commands: u64) {
        self.waiting
            .set(i64::try_from(commands).unwrap_or(i64::MAX));
    }

    pub(crate) fn retried(&self) {
        self.retries.inc();
    }

    /// The brokers have so many more; the last one, and when it was recorded.
    pub(crate) fn events_sent(&self, count: u64, sequence: u64, recorded_at: Timestamp) {
        self.events.inc_by(count);
        self.sequence
            .set(i64::try_from(sequence).unwrap_or(i64::MAX));
        self.event_time.set(recorded_at.as_second());
    }

    /// When the first event was recorded that the brokers do not have, of those that were read.
    pub(crate) fn event_waits(&self, recorded_at: Option<Timestamp>) {
        self.ages.event(recorded_at);
    }

    pub(crate) fn events_retried(&self) {
        self.event_retries.inc();
    }

    pub(crate) fn producer_replaced(&self) {
        self.producers.inc();
    }

    pub(crate) fn buried(&self) {
        self.tombstones.inc();
    }

    fn exposition(&self) -> Option<String> {
        let now = Timestamp::now();
        self.oldest_command.set(self.ages.oldest_command(now));
        self.oldest_event.set(self.ages.oldest_event(now));
        let mut text = String::new();
        encode(&mut text, &self.registry).ok().map(|()| text)
    }
}

/// Binds the listener.
pub(crate) async fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(address).await
}

/// Answers `GET /metrics`, without end.
pub(crate) async fn serve(listener: TcpListener, metrics: Arc<Metrics>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let metrics = Arc::clone(&metrics);
        tokio::spawn(async move {
            let answer = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
                let text = match request.uri().path() {
                    "/metrics" => metrics.exposition(),
                    _ => None,
                };
                async move { response(text) }
            });
            // A client that goes away is none of our business.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), answer)
                .await;
        });
    }
}

fn response(text: Option<String>) -> hyper::http::Result<Response<Full<Bytes>>> {
    let status = match text {
        Some(_) => StatusCode::OK,
        None => StatusCode::NOT_FOUND,
    };
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, OPEN_METRICS)
        .body(text.unwrap_or_default().into())
}
