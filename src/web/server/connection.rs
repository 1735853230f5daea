//! Serves one connection to its end, with the timeout for request heads and shutdown.

use std::{pin::Pin, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use hyper::server::conn::http1::UpgradeableConnection;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::web::{
    extract::client::Client,
    fast_path::{ConnectionService, Handover, HandoverSocket},
    limits::connections::Slot,
};
use facture_runtime::metrics;

/// How often the timeout of a head is checked while it runs: it may overrun by a quarter.
const TIMEOUT_CHECKS: u32 = 4;

/// A signal that wakes the task of a connection from outside.
enum Signal {
    /// The timeout of a head may have expired (`timeouts.rs`).
    CheckTimeout,
    /// The connection must end after the current response.
    Stop,
}

type Connection = UpgradeableConnection<HandoverSocket, ConnectionService>;

/// Serves a connection to its end, which on shutdown comes after the current response. A WebSocket is no longer part of
/// it; a stream continues without hyper.
pub(super) async fn serve(
    mut connection: Pin<Box<Connection>>,
    handover: Handover,
    head_timeout: Duration,
    _slot: Slot<Client>,
    stopping: CancellationToken,
    cut: CancellationToken,
) {
    let _open = metrics::connection();
    // Polled only when there is a signal, while the connection is polled several times per request.
    let listen_again = || next_signal(stopping.clone(), head_timeout);
    let mut signals = FuturesUnordered::from_iter([listen_again()]);
    // Why a connection ends early is the client's business.
    let left = loop {
        tokio::select! {
            biased;
            left = handover.until_handover(&mut connection) => break left,
            Some(signal) = signals.next() => match signal {
                Signal::CheckTimeout => signals.push(listen_again()),
                Signal::Stop => {
                    connection.as_mut().graceful_shutdown();
                    // The timeout is not checked any more: a head that does not arrive waits to be cut.
                    let left = handover.until_handover(&mut connection);
                    break cut.run_until_cancelled(left).await.flatten();
                }
            },
        }
    };
    let Some(body) = left else { return };
    // Drop everything else: it would be held for as long as the stream lives.
    drop(signals);
    let socket = Pin::into_inner(connection)
        .into_parts()
        .map(|parts| parts.io);
    if let Some(socket) = socket {
        let _ = cut.run_until_cancelled(socket.write_body(body)).await;
    }
}

async fn next_signal(stopping: CancellationToken, head_timeout: Duration) -> Signal {
    match timeout(head_timeout / TIMEOUT_CHECKS, stopping.cancelled()).await {
        Ok(()) => Signal::Stop,
        Err(_) => Signal::CheckTimeout,
    }
}
