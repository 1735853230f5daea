//! Connections: accepts them, bounds how long a request's head may take, and ends them when we are to stop. `axum::serve`
//! does not bound the head, so a few hundred half-open connections would starve it.

use std::{pin::pin, time::Duration};

use axum::Router;
use hyper::server::conn::http1::{self, UpgradeableConnection};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    time::sleep,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How long answers in progress may take once we are to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// After an accept that failed, as it does when file descriptors run out: that takes a while to pass.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves `router` on `listener` until `stopping` is cancelled; then answers what it has begun to answer.
/// `head_patience`: how long a client may take to send a request's head, and may stay silent between two requests.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    head_patience: Duration,
    stopping: CancellationToken,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(head_patience);
    let open = TaskTracker::new();
    let cut = CancellationToken::new();
    // Whatever is still open when this returns is cut.
    let _cut_at_the_end = cut.clone().drop_guard();
    while let Some(accepted) = stopping.run_until_cancelled(listener.accept()).await {
        match accepted {
            Ok((stream, _)) => {
                let stream = TokioIo::new(without_delay(stream));
                let service = TowerToHyperService::new(router.clone());
                let connection = http.serve_connection(stream, service).with_upgrades();
                let connection = converse(connection, stopping.clone());
                open.spawn(cut.clone().run_until_cancelled_owned(connection));
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    open.close();
    tokio::select! {
        () = open.wait() => {}
        () = sleep(DRAIN) => tracing::warn!("some connections are cut"),
    }
}

/// Serves a connection to its end, which comes after the present answer once we are to stop. A WebSocket is no longer
/// part of it.
async fn converse(
    connection: UpgradeableConnection<TokioIo<TcpStream>, TowerToHyperService<Router>>,
    stopping: CancellationToken,
) {
    let mut connection = pin!(connection);
    // What ends a connection early is the client's business.
    tokio::select! {
        _ = connection.as_mut() => return,
        () = stopping.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// Events are small and should leave at once. Where it cannot be set, they leave a little later.
fn without_delay(stream: TcpStream) -> TcpStream {
    let _ = stream.set_nodelay(true);
    stream
}
