//! A shop's server that receives webhooks and answers as it is told.

#![allow(dead_code, reason = "not every test binary needs every answer")]

use std::{
    collections::VecDeque,
    future::pending,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt, stream};
use serde_json::Value;
use tokio::{
    net::TcpListener,
    sync::{Notify, watch},
    task::JoinHandle,
    time::timeout,
};

use crate::harness::TIMEOUT;

/// It stops listening when it is dropped.
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    inner: Inner,
    task: JoinHandle<()>,
}

/// A request that came.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What it answers to one request.
pub(crate) enum Reply {
    Status(u16),
    /// The same, once it is told to.
    When(Arc<Notify>, u16),
    RetryAfter(u16, &'static str),
    Redirect(String),
    /// Nothing, until the sender has given up.
    Hang,
    /// 200 and a body without end.
    Endless,
    /// 200 and a body that begins and never ends.
    Dripping,
}

#[derive(Clone, Default)]
struct Inner {
    received: Arc<watch::Sender<Vec<Received>>>,
    /// After the last one, all is 204.
    replies: Arc<Mutex<VecDeque<Reply>>>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    pub(crate) async fn start_at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let inner = Inner::default();
        let router = Router::new().fallback(receive).with_state(inner.clone());
        let task = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("it serves");
        });
        Self {
            address,
            inner,
            task,
        }
    }

    /// Answers the next requests like this.
    pub(crate) fn answer(&self, replies: impl IntoIterator<Item = Reply>) {
        self.inner.replies.lock().expect("no panic").extend(replies);
    }

    /// What is not answered yet is answered as usual.
    pub(crate) fn forget_replies(&self) {
        self.inner.replies.lock().expect("no panic").clear();
    }

    /// Its address, for this path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// All that came so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.inner.received.borrow().clone()
    }

    /// Waits until so many requests came, all of them.
    pub(crate) async fn wait_for(&self, count: usize) -> Vec<Received> {
        self.wait_until(|received| received.len() >= count).await
    }

    pub(crate) async fn wait_until(&self, enough: impl Fn(&[Received]) -> bool) -> Vec<Received> {
        let mut received = self.inner.received.subscribe();
        let waiting = received.wait_for(|received| enough(received));
        let came = timeout(TIMEOUT, waiting).await;
        let came = came.unwrap_or_else(|_| panic!("only {:?} came", self.received()));
        came.expect("it listens").clone()
    }

    /// It is gone: connections are refused.
    pub(crate) async fn stop(mut self) {
        self.task.abort();
        let _ = (&mut self.task).await;
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        let value = value.unwrap_or_else(|| panic!("no {name} in {self:?}"));
        value.to_str().expect("text")
    }

    pub(crate) fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

async fn receive(
    State(inner): State<Inner>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let reply = inner.replies.lock().expect("no panic").pop_front();
    inner.received.send_modify(|received| {
        received.push(Received {
            path: uri.to_string(),
            headers,
            body,
        });
    });
    let status = |status| StatusCode::from_u16(status).expect("a status");
    match reply {
        None => StatusCode::NO_CONTENT.into_response(),
        Some(Reply::Status(code)) => (status(code), "as told").into_response(),
        Some(Reply::When(told, code)) => {
            told.notified().await;
            (status(code), "as told").into_response()
        }
        Some(Reply::RetryAfter(code, after)) => {
            (status(code), [(header::RETRY_AFTER, after)]).into_response()
        }
        Some(Reply::Redirect(to)) => {
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response()
        }
        Some(Reply::Hang) => pending().await,
        Some(Reply::Endless) => {
            let piece = Bytes::from_static(&[b'x'; 16 * 1024]);
            let pieces = stream::repeat(piece).map(Ok::<_, std::io::Error>);
            Body::from_stream(pieces).into_response()
        }
        Some(Reply::Dripping) => {
            let piece = Ok::<_, std::io::Error>(Bytes::from_static(b"a beginning"));
            let pieces = stream::iter([piece]).chain(stream::pending());
            Body::from_stream(pieces).into_response()
        }
    }
}
