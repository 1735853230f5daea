//! Accepts connections, limits how long a request's head may take and how long a response may wait to be read, and
//! closes them on shutdown. `axum::serve` has neither limit, so a few hundred half-open connections would starve it,
//! and it accepts any number of connections.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use hyper::server::conn::http1;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::config::Config;
use crate::web::{
    extract::client::{Client, Peer, Proxies},
    fast_path::{Handover, Web},
    limits::connections::{Slot, Slots, SlotsExhausted},
    server::{connection, timeouts::CoarseTimer},
};
use facture_runtime::{clock, metrics, supervisor};

/// The maximum time on shutdown for responses in progress, and the invoices in them.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(8);

/// The pause after a failed accept, such as when file descriptors run out: that takes a while to pass.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(100);

/// How many connections may wait to be accepted, if the kernel allows it (`net.core.somaxconn`). Tokio's default is
/// 128: in a sudden crowd, the others would be accepted a second later, or cut.
const BACKLOG: u32 = 4096;

/// The maximum size of a request's head, in bytes.
const MAX_HEAD_BYTES: usize = 32 * 1024;

/// How many clients at once get a response saying that the server is full, and how long that may take. Others are cut
/// at once.
const MAX_REFUSALS: usize = 64;
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(2);

const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Type: text/plain\r\n\
    Content-Length: 48\r\nConnection: close\r\n\r\nToo many connections. Try again in some seconds.";
const FULL_FOR_CLIENT: &[u8] = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\nContent-Type: text/plain\r\n\
    Content-Length: 48\r\nConnection: close\r\n\r\nToo many connections. Try again in some seconds.";

const CLOCK_UNUSABLE: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Type: text/plain\r\n\
    Content-Length: 48\r\nConnection: close\r\n\r\nThe clock of this server is wrong. Try later on.";

/// Limits of connections. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ConnectionLimits {
    /// How long a client may take to send a request's head, and may stay silent between two requests.
    head_timeout: Duration,
    /// How long a client may go without reading any of the response.
    answer_timeout: Duration,
    connections: Slots<Client>,
    proxies: Proxies,
}

impl ConnectionLimits {
    /// Uses the configured limits.
    pub fn new(config: &Config) -> Self {
        let configured = &config.limits;
        Self {
            head_timeout: config.server.head_timeout(),
            answer_timeout: config.server.answer_timeout(),
            connections: Slots::new(
                configured.connections.size(),
                configured.connections_per_client.size(),
            ),
            proxies: Proxies::new(&config.server),
        }
    }

    /// Takes a slot. The limit per client does not apply to trusted proxies, which many clients share.
    fn admit(&self, peer: IpAddr) -> Result<Slot<Client>, SlotsExhausted> {
        let client = (!self.proxies.contain(peer)).then(|| Client::at(peer));
        self.connections.take(client)
    }
}

/// Listens on this address.
///
/// # Errors
/// If it is already in use, or not ours.
///
/// # Panics
/// Outside of tokio.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // Connections of the previous process may not have ended yet.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves `web` on `listener` until `stopping` is cancelled; then completes the responses in progress.
pub async fn serve(
    listener: TcpListener,
    web: Web,
    limits: ConnectionLimits,
    stopping: CancellationToken,
) {
    let mut http = http1::Builder::new();
    http.timer(CoarseTimer)
        .header_read_timeout(limits.head_timeout);
    // At most 100 headers, hyper's own limit: setting it would cost each request an allocation.
    http.max_buf_size(MAX_HEAD_BYTES);
    limit_unread_answers(&listener, limits.answer_timeout);
    // If this is dropped early, the connections stop too.
    let stopping = stopping.child_token();
    let _stopping_at_the_end = stopping.clone().drop_guard();
    let acceptor = Acceptor {
        http,
        web,
        limits,
        stopping,
        refusals: Arc::new(Semaphore::new(MAX_REFUSALS)),
        open: TaskTracker::new(),
        cut: CancellationToken::new(),
    };
    // Anything still open when this returns is cut.
    let _cut_at_the_end = acceptor.cut.clone().drop_guard();
    supervisor::supervise("connections", || acceptor.accept(&listener)).await;
    drop(listener);
    acceptor.open.close();
    tokio::select! {
        () = acceptor.open.wait() => {}
        () = sleep(SHUTDOWN_TIMEOUT) => tracing::warn!("some connections are cut"),
    }
}

/// Accepts connections. They survive if it panics.
struct Acceptor {
    http: http1::Builder,
    web: Web,
    limits: ConnectionLimits,
    stopping: CancellationToken,
    refusals: Arc<Semaphore>,
    open: TaskTracker,
    cut: CancellationToken,
}

impl Acceptor {
    async fn accept(&self, listener: &TcpListener) {
        while let Some(accepted) = self.stopping.run_until_cancelled(listener.accept()).await {
            match accepted {
                Ok((stream, peer)) => self.admit(stream, peer.ip().to_canonical()),
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    sleep(ACCEPT_RETRY_DELAY).await;
                }
            }
        }
    }

    fn admit(&self, stream: TcpStream, peer: IpAddr) {
        // hyper dates each response, and panics if it cannot.
        if !clock::is_sound() {
            return self.refuse(stream, CLOCK_UNUSABLE);
        }
        let slot = match self.limits.admit(peer) {
            Ok(slot) => slot,
            Err(full) => {
                metrics::refused(match full {
                    SlotsExhausted::Total => "connections",
                    SlotsExhausted::PerKey => "connections_per_client",
                });
                return self.refuse(
                    stream,
                    match full {
                        SlotsExhausted::Total => FULL,
                        SlotsExhausted::PerKey => FULL_FOR_CLIENT,
                    },
                );
            }
        };
        let handover = Handover::default();
        let socket = handover.socket(with_nodelay(stream));
        let service = self.web.connection(Peer(peer), handover.clone());
        let connection = self.http.serve_connection(socket, service);
        // Boxed once; otherwise the future that serves it would reserve space for it three times, for as long as a
        // stream is open.
        let connection = Box::pin(connection.with_upgrades());
        let (stopping, cut) = (self.stopping.clone(), self.cut.clone());
        let serving = connection::serve(
            connection,
            handover,
            self.limits.head_timeout,
            slot,
            stopping,
            cut,
        );
        self.open.spawn(serving);
    }

    fn refuse(&self, stream: TcpStream, answer: &'static [u8]) {
        if let Ok(permit) = Arc::clone(&self.refusals).try_acquire_owned() {
            tokio::spawn(async move {
                // Why it ends early is the client's business.
                let _ = timeout(REFUSAL_TIMEOUT, send_refusal(stream, answer)).await;
                drop(permit);
            });
        }
    }
}

/// Sends the reason for the refusal, and reads what was sent: closing with unread data could overtake the response.
async fn send_refusal(mut stream: TcpStream, answer: &[u8]) -> io::Result<()> {
    stream.write_all(answer).await?;
    stream.shutdown().await?;
    let mut unread = [0; 1024];
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}

/// Unread data waits in the kernel, where none of our writes is late. So the kernel cuts the connection (tcp(7),
/// `TCP_USER_TIMEOUT`), whether the client has disappeared or does not read. Connections inherit this from their
/// listener.
fn limit_unread_answers(listener: &TcpListener, timeout: Duration) {
    #[cfg(target_os = "linux")]
    if let Err(error) = socket2::SockRef::from(listener).set_tcp_user_timeout(Some(timeout)) {
        tracing::warn!(%error, "clients that do not read an answer are not cut");
    }
}

/// Events are small and should be sent at once. If this cannot be set, they are sent a little later.
fn with_nodelay(stream: TcpStream) -> TcpStream {
    let _ = stream.set_nodelay(true);
    stream
}

#[cfg(test)]
mod tests {
    use std::{fs, net::Ipv4Addr};

    use futures_util::future::try_join_all;

    use super::*;

    #[tokio::test]
    async fn a_crowd_that_comes_at_once_is_let_in() {
        let listener = listen((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let address = listener.local_addr().unwrap();
        let allowed = fs::read_to_string("/proc/sys/net/core/somaxconn").ok();
        let allowed = allowed.map_or(128, |number| number.trim().parse().unwrap());
        // Nothing is accepted in the meantime. If the kernel allows no more than tokio's default, this proves nothing.
        let crowd = (0..allowed.min(200)).map(|_| TcpStream::connect(address));
        let connected = timeout(Duration::from_secs(20), try_join_all(crowd)).await;
        connected.expect("all of them").unwrap();
    }
}
