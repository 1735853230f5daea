//! The shop's server that webhooks go to. It fails, hangs or is slow now and then, is down at times, and remembers
//! every delivery.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::pending,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
};
use rand::RngExt;
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle, time::sleep};

pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    received: Arc<Mutex<Received>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// What came, by the path it came to and the event's sequence.
#[derive(Clone, Debug, Default)]
pub(crate) struct Received {
    pub(crate) deliveries: BTreeMap<(String, u64), Deliveries>,
    pub(crate) requests: u64,
    pub(crate) refused: u64,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Deliveries {
    /// `webhook-id`: there must be one.
    pub(crate) ids: BTreeSet<String>,
    pub(crate) kind: String,
    pub(crate) label: String,
    /// How often it was answered with 204.
    pub(crate) taken: u64,
}

enum Behavior {
    Good,
    Slow(Duration),
    Failing,
    Hanging,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let receiver = Self {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            received: Arc::default(),
            task: Mutex::default(),
        };
        let listener = TcpListener::bind(receiver.address).await.expect("a port");
        let address = listener.local_addr().expect("it is bound");
        receiver.serve(listener);
        Self {
            address,
            ..receiver
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Connections are refused.
    pub(crate) async fn down(&self) {
        let task = self.task.lock().expect("no panic").take();
        if let Some(task) = task {
            task.abort();
            let _ = task.await;
        }
    }

    pub(crate) async fn up(&self) {
        let listener = TcpListener::bind(self.address).await;
        self.serve(listener.expect("the port is still ours"));
    }

    pub(crate) fn received(&self) -> Received {
        self.received.lock().expect("no panic").clone()
    }

    fn serve(&self, listener: TcpListener) {
        let router = Router::new()
            .fallback(receive)
            .with_state(Arc::clone(&self.received));
        let task = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("it serves");
        });
        *self.task.lock().expect("no panic") = Some(task);
    }
}

/// Only the first attempt meets a bad behavior: what is tried again after that waits for minutes.
fn behavior(came: &Deliveries) -> Behavior {
    if !came.ids.is_empty() {
        return Behavior::Good;
    }
    let mut rng = rand::rng();
    match rng.random_range(0..100) {
        0..=2 => Behavior::Failing,
        3 => Behavior::Hanging,
        4..=9 => Behavior::Slow(Duration::from_millis(rng.random_range(10..400))),
        _ => Behavior::Good,
    }
}

async fn receive(
    State(received): State<Arc<Mutex<Received>>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let id = headers["webhook-id"].to_str().expect("text").to_owned();
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    let sequence = body["sequence"].as_u64().expect("a sequence");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let place = (uri.path().to_owned(), sequence);
    let behavior = {
        let mut log = received.lock().expect("no panic");
        log.requests += 1;
        let came = log.deliveries.entry(place.clone()).or_default();
        let behavior = behavior(came);
        came.ids.insert(id);
        came.kind = text(&body["type"]);
        came.label = text(&body["data"]["invoice"]["label"]);
        behavior
    };
    match behavior {
        Behavior::Failing => {
            received.lock().expect("no panic").refused += 1;
            return StatusCode::INTERNAL_SERVER_ERROR;
        }
        Behavior::Hanging => pending().await,
        Behavior::Slow(pause) => sleep(pause).await,
        Behavior::Good => {}
    }
    let mut log = received.lock().expect("no panic");
    log.deliveries.entry(place).or_default().taken += 1;
    StatusCode::NO_CONTENT
}
