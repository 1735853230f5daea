//! The present state of each invoice, for a compacted topic: the value is the API's JSON, the key is the label. When the records
//! of an invoice are deleted, which is no event, its state is replaced by a tombstone.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher, RandomState},
    sync::Arc,
    time::Duration,
};

use facture_sidecar::{ApiError, Server, path_of};
use krafka::{Kafka, KrafkaError, Record};
use serde::Deserialize;
use tokio::time::sleep;

use crate::{
    kafka::{Sink, read_all},
    metrics::Metrics,
};

/// The pause between two requests: the commands use the same token, which may make so many a minute.
const BETWEEN: Duration = Duration::from_millis(50);

/// The pause after a failure.
const AFTER_FAILURE: Duration = Duration::from_mins(1);

/// The states in which records may be deleted: nobody has paid.
const DELETABLE: [&str; 2] = ["expired", "cancelled"];

/// What the API says of an invoice that it does not have.
const NOT_FOUND: &str = "invoice_not_found";

/// What replaces the states of invoices whose records are deleted.
pub(crate) struct Cleanup {
    pub(crate) kafka: Kafka,
    pub(crate) server: Arc<Server>,
    pub(crate) sink: Arc<Sink>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) topic: String,
    pub(crate) every: Duration,
}

#[derive(Deserialize)]
struct StateJson {
    label: String,
    status: String,
}

#[derive(Deserialize)]
struct PageJson {
    invoices: Vec<StateJson>,
    next_cursor: Option<String>,
}

/// Why the topic could not be searched.
#[derive(Debug, thiserror::Error)]
enum CleanupError {
    #[error("the API: {0}")]
    Server(#[from] ApiError),
    #[error("its answer cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("the topic: {0}")]
    Kafka(#[from] KrafkaError),
}

/// Labels, of which only hashes are kept: there may be a million.
#[derive(Default)]
struct Labels {
    state: RandomState,
    hashes: HashSet<u64>,
}

impl Labels {
    fn insert(&mut self, label: &str) {
        self.hashes.insert(self.state.hash_one(label));
    }

    /// Whether it may be among them.
    fn may_contain(&self, label: &str) -> bool {
        self.hashes.contains(&self.state.hash_one(label))
    }
}

/// The state of an invoice; `None`: its records are deleted.
pub(super) fn record(topic: &str, label: &str, json: Option<Vec<u8>>) -> Record {
    let record = match json {
        Some(json) => Record::new(topic, json).header("content-type", "application/json"),
        None => Record::new(topic, Vec::new()).without_value(),
    };
    record.key(label.to_owned())
}

/// How an invoice stands now; `None`: its records are deleted.
pub(super) async fn present(server: &Server, label: &str) -> Result<Option<Vec<u8>>, ApiError> {
    match server.get(&path_of("invoices", label)).await {
        Ok(json) => Ok(Some(json.get().as_bytes().to_vec())),
        Err(ApiError::Refused { code, .. }) if code == NOT_FOUND => Ok(None),
        Err(error) => Err(error),
    }
}

impl Cleanup {
    /// Searches the topic now and then, without end.
    pub(crate) async fn run(self) {
        loop {
            let pause = match self.search().await {
                Ok(()) => self.every,
                Err(error) => {
                    tracing::warn!(%error, topic = self.topic, "not searched for deleted invoices");
                    self.every.min(AFTER_FAILURE)
                }
            };
            sleep(pause).await;
        }
    }

    /// What is in the topic and may be deleted, is not listed by the API, and is then not found, gets a tombstone.
    async fn search(&self) -> Result<(), CleanupError> {
        let mut known = Labels::default();
        for status in DELETABLE {
            self.list(status, &mut known).await?;
        }
        let mut missing: HashMap<Vec<u8>, String> = HashMap::new();
        read_all(&self.kafka, &self.topic, |key, value| {
            let state = value.and_then(|json| serde_json::from_slice::<StateJson>(json).ok());
            let state = state.filter(|state| DELETABLE.contains(&&*state.status));
            match state.filter(|state| !known.may_contain(&state.label)) {
                Some(state) => drop(missing.insert(key.to_vec(), state.label)),
                None => drop(missing.remove(key)),
            }
        })
        .await?;
        for label in missing.into_values() {
            if present(&self.server, &label).await?.is_none() {
                self.sink.send(record(&self.topic, &label, None)).await;
                self.metrics.buried();
            }
            sleep(BETWEEN).await;
        }
        Ok(())
    }

    async fn list(&self, status: &str, known: &mut Labels) -> Result<(), CleanupError> {
        let first = format!("/invoices?status={status}&limit=100");
        let mut path = first.clone();
        loop {
            let page = self.server.get(&path).await?;
            let page: PageJson = serde_json::from_str(page.get())?;
            for invoice in page.invoices {
                known.insert(&invoice.label);
            }
            match page.next_cursor {
                Some(cursor) => path = format!("{first}&cursor={cursor}"),
                None => return Ok(()),
            }
            sleep(BETWEEN).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, path::Path};

    use http_body_util::Full;
    use hyper::{Request, Response, body::Bytes, server::conn::http1, service::service_fn};
    use hyper_util::rt::TokioIo;
    use krafka::testing::FakeBroker;
    use secrecy::SecretString;
    use serde_json::{Value, json};
    use tokio::net::UnixListener;

    use super::*;

    const TOPIC: &str = "facture.invoices.v1";

    /// An API that lists one expired invoice, finds another, and has no more.
    fn answer(path: &str) -> (u16, Value) {
        let listed = json!([{ "label": "listed", "status": "expired" }]);
        if path.starts_with("/api/v1/invoices?status=expired") {
            (200, json!({ "invoices": listed, "next_cursor": null }))
        } else if path.starts_with("/api/v1/invoices?") {
            (200, json!({ "invoices": [], "next_cursor": null }))
        } else if path == "/api/v1/invoices/found" {
            (200, json!({ "label": "found", "status": "paid" }))
        } else {
            let error =
                json!({ "code": "invoice_not_found", "message": "There is none.", "field": null });
            (404, json!({ "error": error }))
        }
    }

    fn serve(socket: &Path) {
        let listener = UnixListener::bind(socket).unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let service = service_fn(|request: Request<hyper::body::Incoming>| async move {
                    let path = request.uri().path_and_query().unwrap().as_str();
                    let (status, body) = answer(path);
                    let body = Full::new(Bytes::from(body.to_string()));
                    let response = Response::builder().status(status).body(body).unwrap();
                    Ok::<_, Infallible>(response)
                });
                let serving = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                tokio::spawn(serving);
            }
        });
    }

    #[tokio::test]
    async fn only_what_the_api_does_not_have_any_more_gets_a_tombstone() {
        let directory = tempfile::tempdir().unwrap();
        let socket = directory.path().join("api.sock");
        serve(&socket);
        let broker = FakeBroker::start().await.unwrap();
        broker.create_topic(TOPIC, 2);
        let kafka = Kafka::builder(broker.bootstrap_servers())
            .connect()
            .await
            .unwrap();
        let metrics = Metrics::new();
        let sink = Sink::open(&kafka, None, Arc::clone(&metrics))
            .await
            .unwrap();
        let token = SecretString::from("a-token-for-the-tests-of-facture");
        let cleanup = Cleanup {
            kafka: kafka.clone(),
            server: Arc::new(Server::new(&socket, &token).unwrap()),
            sink: Arc::new(sink),
            metrics,
            topic: TOPIC.to_owned(),
            every: Duration::from_secs(1),
        };
        for (label, status) in [
            ("listed", "expired"),
            ("found", "expired"),
            ("again", "expired"),
            ("again", "unpaid"),
            ("paid", "paid"),
            ("gone", "unpaid"),
            ("gone", "expired"),
            ("cancelled", "cancelled"),
        ] {
            let state = json!({ "label": label, "status": status }).to_string();
            cleanup
                .sink
                .send(record(TOPIC, label, Some(state.into_bytes())))
                .await;
        }
        let buried = || {
            let records = broker.all_records(TOPIC).unwrap().into_iter();
            let tombstones = records.filter(|record| record.value.is_none());
            let mut keys: Vec<_> = tombstones.map(|record| record.key.unwrap()).collect();
            keys.sort();
            keys
        };
        cleanup.search().await.unwrap();
        assert_eq!(buried(), ["cancelled", "gone"]);
        // And once.
        cleanup.search().await.unwrap();
        assert_eq!(buried(), ["cancelled", "gone"]);
    }
}
