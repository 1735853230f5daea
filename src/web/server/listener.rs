//! Connections: accepts them, bounds how long a request's head may take and an answer may wait to be read, and ends them
//! when we are to stop. `axum::serve` bounds neither, so a few hundred half-open connections would starve it; and it takes
//! as many as come.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use futures_util::{StreamExt, stream::FuturesUnordered};
use hyper::server::conn::http1::{self, UpgradeableConnection};
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
    fast_path::{ConnectionService, Handover, HandoverSocket, Web},
    limits::connections::{Full, Place, Places},
    server::timeouts::Patience,
};
use facture_runtime::{clock, metrics, supervisor};

/// How long answers in progress, and the invoices in them, may take once we are to stop.
const DRAIN: Duration = Duration::from_secs(8);

/// So often within a client's patience is looked whether it is over: it may last a quarter longer.
const LOOKS: u32 = 4;

/// After an accept that failed, as it does when file descriptors run out: that takes a while to pass.
const PAUSE: Duration = Duration::from_millis(100);

/// So many may wait to be accepted, or as many as the kernel allows (`net.core.somaxconn`). Tokio's measure is 128: of a
/// crowd that comes at once, the others are heard a second later, or cut.
const WAITING: u32 = 4096;

/// The most bytes of a request's head.
const HEAD_BYTES: usize = 32 * 1024;

/// How many clients at once are told that there is no room, and how long that may take. Others are cut at once.
const REFUSED_AT_ONCE: usize = 64;
const REFUSING: Duration = Duration::from_secs(2);

const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Type: text/plain\r\n\
    Content-Length: 48\r\nConnection: close\r\n\r\nToo many connections. Try again in some seconds.";
const FULL_OF_THIS_CLIENT: &[u8] = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\nContent-Type: text/plain\r\n\
    Content-Length: 48\r\nConnection: close\r\n\r\nToo many connections. Try again in some seconds.";

const NO_TIME: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Type: text/plain\r\n\
    Content-Length: 48\r\nConnection: close\r\n\r\nThe clock of this server is wrong. Try later on.";

/// What connections may take. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// How long a client may take to send a request's head, and may stay silent between two requests.
    head_patience: Duration,
    /// How long a client may take nothing of what it is sent.
    answer_patience: Duration,
    connections: Places<Client>,
    proxies: Proxies,
}

impl Bounds {
    /// As configured.
    pub fn new(config: &Config) -> Self {
        let limits = &config.limits;
        Self {
            head_patience: config.server.head_patience(),
            answer_patience: config.server.answer_patience(),
            connections: Places::new(
                limits.connections.size(),
                limits.connections_per_client.size(),
            ),
            proxies: Proxies::new(&config.server),
        }
    }

    /// Many clients come by a proxy.
    fn admit(&self, peer: IpAddr) -> Result<Place<Client>, Full> {
        let client = (!self.proxies.contain(peer)).then(|| Client::at(peer));
        self.connections.take(client)
    }
}

/// Listens on this address.
///
/// # Errors
/// When it is taken, or not ours.
///
/// # Panics
/// Outside of tokio.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // Connections of the one before us may not have ended yet.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

/// Serves `web` on `listener` until `stopping` is cancelled; then answers what it has begun to answer.
pub async fn serve(listener: TcpListener, web: Web, bounds: Bounds, stopping: CancellationToken) {
    let mut http = http1::Builder::new();
    http.timer(Patience)
        .header_read_timeout(bounds.head_patience);
    // At most 100 headers, hyper's own bound: naming it would cost each request an allocation.
    http.max_buf_size(HEAD_BYTES);
    bound_answers(&listener, bounds.answer_patience);
    // Whoever gives this up early stops the connections too.
    let stopping = stopping.child_token();
    let _stopping_at_the_end = stopping.clone().drop_guard();
    let door = Door {
        http,
        web,
        bounds,
        stopping,
        refusals: Arc::new(Semaphore::new(REFUSED_AT_ONCE)),
        open: TaskTracker::new(),
        cut: CancellationToken::new(),
    };
    // Whatever is still open when this returns is cut.
    let _cut_at_the_end = door.cut.clone().drop_guard();
    supervisor::supervise("connections", || door.accept(&listener)).await;
    drop(listener);
    door.open.close();
    tokio::select! {
        () = door.open.wait() => {}
        () = sleep(DRAIN) => tracing::warn!("some connections are cut"),
    }
}

/// What whoever serves a connection is told.
enum Call {
    /// To see whether the time for a head is up (`patience.rs`).
    Look,
    /// To end it after the present answer.
    Stop,
}

type Connection = UpgradeableConnection<HandoverSocket, ConnectionService>;

/// What connections come in by. They outlive a panic of whoever accepts them.
struct Door {
    http: http1::Builder,
    web: Web,
    bounds: Bounds,
    stopping: CancellationToken,
    refusals: Arc<Semaphore>,
    open: TaskTracker,
    cut: CancellationToken,
}

impl Door {
    async fn accept(&self, listener: &TcpListener) {
        while let Some(accepted) = self.stopping.run_until_cancelled(listener.accept()).await {
            match accepted {
                Ok((stream, peer)) => self.admit(stream, peer.ip().to_canonical()),
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    sleep(PAUSE).await;
                }
            }
        }
    }

    fn admit(&self, stream: TcpStream, peer: IpAddr) {
        // hyper dates each answer, and panics where it cannot.
        if !clock::is_sound() {
            return self.turn_away(stream, NO_TIME);
        }
        let place = match self.bounds.admit(peer) {
            Ok(place) => place,
            Err(full) => {
                metrics::refused(match full {
                    Full::All => "connections",
                    Full::Each => "connections_per_client",
                });
                return self.turn_away(
                    stream,
                    match full {
                        Full::All => FULL,
                        Full::Each => FULL_OF_THIS_CLIENT,
                    },
                );
            }
        };
        let handover = Handover::default();
        let socket = handover.socket(without_delay(stream));
        let service = self.web.connection(Peer(peer), handover.clone());
        let connection = self.http.serve_connection(socket, service);
        // Boxed once, or the future that serves it would have room for it three times, as long as a stream is open.
        let connection = Box::pin(connection.with_upgrades());
        let (stopping, cut) = (self.stopping.clone(), self.cut.clone());
        let conversation = converse(
            connection,
            handover,
            self.bounds.head_patience,
            place,
            stopping,
            cut,
        );
        self.open.spawn(conversation);
    }

    fn turn_away(&self, stream: TcpStream, answer: &'static [u8]) {
        if let Ok(permit) = Arc::clone(&self.refusals).try_acquire_owned() {
            tokio::spawn(async move {
                // What ends it early is the client's business.
                let _ = timeout(REFUSING, refuse(stream, answer)).await;
                drop(permit);
            });
        }
    }
}

/// Says why nothing is answered, and reads what was sent: an end with something unread could overtake the answer.
async fn refuse(mut stream: TcpStream, answer: &[u8]) -> io::Result<()> {
    stream.write_all(answer).await?;
    stream.shutdown().await?;
    let mut unread = [0; 1024];
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}

/// Serves a connection to its end, which comes after the present answer once we are to stop. A WebSocket is no longer
/// part of it; a stream goes on without hyper.
async fn converse(
    mut connection: Pin<Box<Connection>>,
    handover: Handover,
    head_patience: Duration,
    _place: Place<Client>,
    stopping: CancellationToken,
    cut: CancellationToken,
) {
    let _open = metrics::connection();
    // Polled only when there is a call, while the connection is polled some times for each request.
    let next_call = || called(stopping.clone(), head_patience);
    let mut calls = FuturesUnordered::from_iter([next_call()]);
    // What ends a connection early is the client's business.
    let left = loop {
        tokio::select! {
            biased;
            left = handover.until_handover(&mut connection) => break left,
            Some(call) = calls.next() => match call {
                Call::Look => calls.push(next_call()),
                Call::Stop => {
                    connection.as_mut().graceful_shutdown();
                    // Nobody looks any more: a head that does not come waits to be cut.
                    let left = handover.until_handover(&mut connection);
                    break cut.run_until_cancelled(left).await.flatten();
                }
            },
        }
    };
    let Some(body) = left else { return };
    // Nothing else is kept: it would be, as long as the stream lives.
    drop(calls);
    let socket = Pin::into_inner(connection)
        .into_parts()
        .map(|parts| parts.io);
    if let Some(socket) = socket {
        let _ = cut.run_until_cancelled(socket.write_body(body)).await;
    }
}

async fn called(stopping: CancellationToken, head_patience: Duration) -> Call {
    match timeout(head_patience / LOOKS, stopping.cancelled()).await {
        Ok(()) => Call::Stop,
        Err(_) => Call::Look,
    }
}

/// What a client does not take waits in the kernel, where no write of ours is late: so the kernel cuts it (tcp(7),
/// `TCP_USER_TIMEOUT`), whether the client is gone or does not read. Connections have it from their listener.
fn bound_answers(listener: &TcpListener, patience: Duration) {
    #[cfg(target_os = "linux")]
    if let Err(error) = socket2::SockRef::from(listener).set_tcp_user_timeout(Some(patience)) {
        tracing::warn!(%error, "who does not read an answer is not cut");
    }
}

/// Events are small and should leave at once. Where it cannot be set, they leave a little later.
fn without_delay(stream: TcpStream) -> TcpStream {
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
        // Nobody is accepted meanwhile. Where the kernel allows no more than tokio asks for, this shows nothing.
        let crowd = (0..allowed.min(200)).map(|_| TcpStream::connect(address));
        let connected = timeout(Duration::from_secs(20), try_join_all(crowd)).await;
        connected.expect("all of them").unwrap();
    }
}
