//! A stand-in for public servers of exchange rates, one on each path, in the shapes of the real ones, and what is wrong with
//! them.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use tokio::{net::TcpListener, task::JoinHandle};

/// How a source answers.
#[derive(Clone, Debug)]
pub(crate) enum Says {
    /// This document.
    Document(String),
    /// A document out of a cache in which it was for so many seconds.
    Cached(String, u64),
    /// This status, with a page for people.
    Status(u16),
    /// More than anybody reads.
    Huge,
    /// Nothing at all.
    Silence,
}

/// Several sources, each on a port of its own: a server counts once.
pub(crate) struct Rates {
    sources: Vec<Source>,
}

struct Source {
    address: SocketAddr,
    state: Shared,
    task: JoinHandle<()>,
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    says: Option<Says>,
    asked: Vec<String>,
}

impl Rates {
    /// So many sources.
    pub(crate) async fn start(count: usize) -> Self {
        let mut sources = Vec::new();
        for _ in 0..count {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            let address = listener.local_addr().expect("it is bound");
            let state = Shared::default();
            let router = Router::new().fallback(answer).with_state(state.clone());
            let task = tokio::spawn(async move {
                axum::serve(listener, router).await.expect("it serves");
            });
            sources.push(Source {
                address,
                state,
                task,
            });
        }
        Self { sources }
    }

    /// What a source says from now on.
    pub(crate) fn set(&self, source: usize, says: Says) {
        self.lock(source).says = Some(says);
    }

    /// What all of them say: this price of a bitcoin, in the shape of Coinbase.
    pub(crate) fn set_all(&self, price: &str) {
        for source in 0..self.sources.len() {
            self.set(source, price_of(price));
        }
    }

    /// The value of `pricing.sources`, with `more` in front.
    pub(crate) fn configured(&self, more: &[&str]) -> String {
        let urls = self
            .sources
            .iter()
            .map(|source| format!("http://{}/{{currency}}#/data/amount", source.address));
        let more = more.iter().map(|name| (*name).to_owned());
        more.chain(urls).collect::<Vec<_>>().join(" ")
    }

    /// The host and port of a source.
    pub(crate) fn name(&self, source: usize) -> String {
        self.sources[source].address.to_string()
    }

    /// The paths that a source was asked for.
    pub(crate) fn asked(&self, source: usize) -> Vec<String> {
        self.lock(source).asked.clone()
    }

    fn lock(&self, source: usize) -> std::sync::MutexGuard<'_, Inner> {
        self.sources[source].state.0.lock().expect("no panic")
    }
}

impl Drop for Rates {
    fn drop(&mut self) {
        for source in &self.sources {
            source.task.abort();
        }
    }
}

/// A price in the shape of Coinbase.
pub(crate) fn price_of(price: &str) -> Says {
    Says::Document(format!(r#"{{"data":{{"amount":"{price}"}}}}"#))
}

async fn answer(State(Shared(state)): State<Shared>, uri: Uri) -> Response {
    let says = {
        let mut state = state.lock().expect("no panic");
        state.asked.push(uri.to_string());
        state.says.clone()
    };
    match says {
        None | Some(Says::Status(404)) => StatusCode::NOT_FOUND.into_response(),
        Some(Says::Status(status)) => {
            let status = StatusCode::from_u16(status).expect("a status");
            (status, "<html>sorry</html>").into_response()
        }
        Some(Says::Document(document)) => document.into_response(),
        Some(Says::Cached(document, seconds)) => {
            let mut headers = HeaderMap::new();
            headers.insert("age", HeaderValue::from(seconds));
            (headers, document).into_response()
        }
        Some(Says::Huge) => vec![b' '; 1024 * 1024].into_response(),
        Some(Says::Silence) => std::future::pending().await,
    }
}

/// Settings that use these sources.
pub(crate) fn settings<'a>(
    sources: &'a str,
    more: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let mut settings: HashMap<_, _> = [
        ("PRICING__SOURCES", sources),
        ("PRICING__DEADLINE_SECONDS", "5"),
    ]
    .into();
    settings.extend(more.iter().copied());
    settings.into_iter().collect()
}
