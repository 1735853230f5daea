//! One connection: served to its end, with the timeout of heads and the stop.

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

/// How often within a head's timeout it is checked whether it is over: it may last a quarter longer.
const TIMEOUT_CHECKS: u32 = 4;

/// What wakes the task of a connection from outside.
enum Signal {
    /// The timeout of a head may be over (`timeouts.rs`).
    CheckTimeout,
    /// The connection is to end after the present answer.
    Stop,
}

type Connection = UpgradeableConnection<HandoverSocket, ConnectionService>;

/// Serves a connection to its end, which comes after the present answer once we are to stop. A WebSocket is no longer
/// part of it; a stream goes on without hyper.
pub(super) async fn serve(
    mut connection: Pin<Box<Connection>>,
    handover: Handover,
    head_timeout: Duration,
    _slot: Slot<Client>,
    stopping: CancellationToken,
    cut: CancellationToken,
) {
    let _open = metrics::connection();
    // Polled only when there is a signal, while the connection is polled some times for each request.
    let listen_again = || next_signal(stopping.clone(), head_timeout);
    let mut signals = FuturesUnordered::from_iter([listen_again()]);
    // What ends a connection early is the client's business.
    let left = loop {
        tokio::select! {
            biased;
            left = handover.until_handover(&mut connection) => break left,
            Some(signal) = signals.next() => match signal {
                Signal::CheckTimeout => signals.push(listen_again()),
                Signal::Stop => {
                    connection.as_mut().graceful_shutdown();
                    // The timeout is not checked any more: a head that does not come waits to be cut.
                    let left = handover.until_handover(&mut connection);
                    break cut.run_until_cancelled(left).await.flatten();
                }
            },
        }
    };
    let Some(body) = left else { return };
    // Nothing else is held: it would be, as long as the stream lives.
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
