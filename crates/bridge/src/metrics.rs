//! What is counted and measured, as Prometheus reads it, and the listener where it may ask.

use std::{net::SocketAddr, sync::Arc};

use http_body_util::Full;
use hyper::{Response, StatusCode, body::Bytes, header, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use prometheus_client::{
    encoding::text::encode,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};
use tokio::{io, net::TcpListener};

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
        for reason in Reason::ALL {
            drop(
                metrics
                    .dead_letters
                    .get_or_create(&[("reason", reason.as_str())]),
            );
        }
        Arc::new(metrics)
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

    pub(crate) fn entered(&self) {
        self.in_flight.inc();
    }

    pub(crate) fn left(&self) {
        self.in_flight.dec();
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

    pub(crate) fn event_sent(&self, sequence: u64, recorded_at: Timestamp) {
        self.events.inc();
        self.sequence
            .set(i64::try_from(sequence).unwrap_or(i64::MAX));
        self.event_time.set(recorded_at.as_second());
    }

    fn exposition(&self) -> Option<String> {
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
