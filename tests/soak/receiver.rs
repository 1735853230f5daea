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
    told: Arc<Mutex<Told>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// What came, by the path it came to and the event's sequence.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) deliveries: BTreeMap<(String, u64), Came>,
    pub(crate) requests: u64,
    pub(crate) refused: u64,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Came {
    /// `webhook-id`: there must be one.
    pub(crate) ids: BTreeSet<String>,
    pub(crate) kind: String,
    pub(crate) label: String,
    /// How often it was answered with 204.
    pub(crate) taken: u64,
}

enum Mood {
    Good,
    Slow(Duration),
    Failing,
    Hanging,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let receiver = Self {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            told: Arc::default(),
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

    pub(crate) fn told(&self) -> Told {
        self.told.lock().expect("no panic").clone()
    }

    fn serve(&self, listener: TcpListener) {
        let router = Router::new()
            .fallback(receive)
            .with_state(Arc::clone(&self.told));
        let task = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("it serves");
        });
        *self.task.lock().expect("no panic") = Some(task);
    }
}

/// Only the first attempt meets a bad mood: what is tried again after that waits for minutes.
fn mood(came: &Came) -> Mood {
    if !came.ids.is_empty() {
        return Mood::Good;
    }
    let mut rng = rand::rng();
    match rng.random_range(0..100) {
        0..=2 => Mood::Failing,
        3 => Mood::Hanging,
        4..=9 => Mood::Slow(Duration::from_millis(rng.random_range(10..400))),
        _ => Mood::Good,
    }
}

async fn receive(
    State(told): State<Arc<Mutex<Told>>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let id = headers["webhook-id"].to_str().expect("text").to_owned();
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    let sequence = body["sequence"].as_u64().expect("a sequence");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let place = (uri.path().to_owned(), sequence);
    let mood = {
        let mut told = told.lock().expect("no panic");
        told.requests += 1;
        let came = told.deliveries.entry(place.clone()).or_default();
        let mood = mood(came);
        came.ids.insert(id);
        came.kind = text(&body["type"]);
        came.label = text(&body["data"]["invoice"]["label"]);
        mood
    };
    match mood {
        Mood::Failing => {
            told.lock().expect("no panic").refused += 1;
            return StatusCode::INTERNAL_SERVER_ERROR;
        }
        Mood::Hanging => pending().await,
        Mood::Slow(pause) => sleep(pause).await,
        Mood::Good => {}
    }
    let mut told = told.lock().expect("no panic");
    told.deliveries.entry(place).or_default().taken += 1;
    StatusCode::NO_CONTENT
}
