//! What stands around a facture: a shop's own site, and a connection that dies without a word.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{Router, http::header, response::Html, routing::get};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A site of another origin. Dropping it closes it.
pub(crate) struct Site {
    pub(crate) origin: String,
    serving: JoinHandle<()>,
}

/// A place on the network where one can be reached later.
pub(crate) struct Place {
    listener: TcpListener,
    pub(crate) origin: String,
}

impl Place {
    pub(crate) async fn free() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("it is bound"));
        Self { listener, origin }
    }

    /// A site with one page and its policy.
    pub(crate) fn site(self, page: String, policy: String) -> Site {
        let answer = move || {
            let headers = [(header::CONTENT_SECURITY_POLICY, policy.clone())];
            let page = Html(page.clone());
            async move { (headers, page) }
        };
        let routes = Router::new().route("/", get(answer));
        Site {
            origin: self.origin,
            serving: tokio::spawn(async move {
                let _ = axum::serve(self.listener, routes).await;
            }),
        }
    }

    /// A proxy to that server, over which connections can die.
    pub(crate) fn proxy(self, server: &str) -> Proxy {
        let to = server.trim_start_matches("http://").to_owned();
        let dead = Arc::new(AtomicBool::new(false));
        let before = Arc::clone(&dead);
        let listener = self.listener;
        Proxy {
            origin: self.origin,
            dead,
            serving: tokio::spawn(async move {
                while let Ok((client, _)) = listener.accept().await {
                    // Those that come after the others died live.
                    let dies = match before.load(Ordering::SeqCst) {
                        true => Arc::new(AtomicBool::new(false)),
                        false => Arc::clone(&before),
                    };
                    let Ok(server) = TcpStream::connect(&to).await else {
                        continue;
                    };
                    let (from_client, to_client) = client.into_split();
                    let (from_server, to_server) = server.into_split();
                    tokio::spawn(carry(from_client, to_server, Arc::clone(&dies)));
                    tokio::spawn(carry(from_server, to_client, dies));
                }
            }),
        }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Carries bytes between a browser and a server.
pub(crate) struct Proxy {
    pub(crate) origin: String,
    dead: Arc<AtomicBool>,
    serving: JoinHandle<()>,
}

impl Proxy {
    /// From now on nothing is carried on the connections that are there; nobody is told.
    pub(crate) fn drop_all_silently(&self) {
        self.dead.store(true, Ordering::SeqCst);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Reads to the end all the same, and never closes once dead: neither end may notice.
async fn carry(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    dead: Arc<AtomicBool>,
) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let alive = !dead.load(Ordering::SeqCst);
        if alive && to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
    if dead.load(Ordering::SeqCst) {
        std::future::pending::<()>().await;
    }
}
