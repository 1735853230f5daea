//! HTTP/1.1 to a node or to another process of ours: one request at a time on a connection, so an answer can only be that
//! request's. Dropping a connection closes it, and with it whatever a call that was given up left under way. A client with
//! connections of its own would hide both, and that a new connection leads to another node.

use std::{
    error::Error,
    fmt, io,
    path::{Path, PathBuf},
    time::Duration,
};

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{
    Request, Response, StatusCode, Uri,
    body::{Bytes, Incoming},
    client::conn::http1::{self, SendRequest},
    header::HeaderValue,
    rt::{Read, Write},
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{client::legacy::connect::HttpConnector, rt::TokioIo};
use rustls::ClientConfig;
use tokio::net::UnixStream;
use tokio_util::task::AbortOnDropHandle;
use tower::ServiceExt;
use url::{Host, Position, Url};

/// How long a connection may be silent before the other side is asked whether it is still there.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(30);

/// Why there is no answer.
#[derive(Debug)]
pub enum HttpError {
    /// The connection ended first.
    Lost(String),
    /// It is too long.
    Unreadable(String),
}

/// The address of a server, and the `Host` of requests to it.
#[derive(Clone, Debug)]
pub struct Address {
    uri: Uri,
    host: HeaderValue,
}

/// It is not an address that can be connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is not an address that can be connected to")]
pub struct AddressError;

/// A server, and how it is reached.
#[derive(Clone)]
pub enum Endpoint {
    /// By a socket of this machine.
    Unix(PathBuf),
    /// Over TLS.
    Tls(Address, HttpsConnector<HttpConnector>),
    /// Without TLS, on this machine.
    Loopback(Address),
}

/// A connection that is open.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    /// Moves the bytes; ends, and closes the connection, when this is dropped.
    _driver: AbortOnDropHandle<()>,
}

/// What opens connections to servers that are trusted so, by `https` only.
pub fn connector(trust: ClientConfig) -> HttpsConnector<HttpConnector> {
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    http.set_nodelay(true);
    http.set_keepalive(Some(KEEPALIVE_INTERVAL));
    http.set_keepalive_interval(Some(KEEPALIVE_INTERVAL));
    let https = HttpsConnectorBuilder::new()
        .with_tls_config(trust)
        .https_only();
    https.enable_http1().wrap_connector(http)
}

impl Address {
    /// That of a URL.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn of(url: &Url) -> Result<Self, AddressError> {
        let host = &url[Position::BeforeHost..Position::AfterPort];
        Ok(Self {
            uri: url.as_str().parse().map_err(|_| AddressError)?,
            host: HeaderValue::from_str(host).map_err(|_| AddressError)?,
        })
    }

    /// What requests say in `Host`.
    pub fn host(&self) -> &HeaderValue {
        &self.host
    }
}

impl Endpoint {
    /// The server at a URL, which is trusted so.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn tls(url: &Url, trust: ClientConfig) -> Result<Self, AddressError> {
        Ok(Self::Tls(Address::of(url)?, connector(trust)))
    }

    /// The server at a URL without TLS, which must be on this machine: nobody else can listen in on what is sent there.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn loopback(url: &Url) -> Result<Self, AddressError> {
        let is_loopback = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        match is_loopback && url.scheme() == "http" {
            true => Ok(Self::Loopback(Address::of(url)?)),
            false => Err(AddressError),
        }
    }

    /// What requests say in `Host`.
    pub fn host(&self) -> HeaderValue {
        match self {
            Self::Unix(_) => HeaderValue::from_static("localhost"),
            Self::Tls(address, _) | Self::Loopback(address) => address.host.clone(),
        }
    }

    /// Opens a connection.
    ///
    /// # Errors
    /// Where, and the reason.
    pub async fn open(&self) -> io::Result<Connection> {
        match self {
            Self::Unix(socket) => Connection::open_unix(socket).await,
            Self::Tls(address, connector) => Connection::open(connector, address).await,
            Self::Loopback(address) => Connection::open_loopback(address).await,
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uri.fmt(f)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(socket) => socket.display().fmt(f),
            Self::Tls(address, _) | Self::Loopback(address) => address.fmt(f),
        }
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({self})")
    }
}

impl HttpError {
    /// The reason.
    pub fn into_reason(self) -> String {
        match self {
            Self::Lost(reason) | Self::Unreadable(reason) => reason,
        }
    }
}

impl Connection {
    /// Opens one over TLS.
    ///
    /// # Errors
    /// The address and the reason.
    pub async fn open(
        connector: &HttpsConnector<HttpConnector>,
        Address { uri, .. }: &Address,
    ) -> io::Result<Self> {
        let unreachable =
            |error: &(dyn Error + 'static)| io::Error::other(format!("{uri}: {}", causes(error)));
        let stream = connector.clone().oneshot(uri.clone()).await;
        let stream = stream.map_err(|error| unreachable(&*error))?;
        let opened = Self::over(stream).await;
        opened.map_err(|error| unreachable(&error))
    }

    /// Opens one to a socket of this machine.
    ///
    /// # Errors
    /// The path and the reason.
    async fn open_unix(socket: &Path) -> io::Result<Self> {
        let unreachable = |error: &(dyn Error + 'static)| {
            io::Error::other(format!("{}: {}", socket.display(), causes(error)))
        };
        let stream = UnixStream::connect(socket).await;
        let stream = TokioIo::new(stream.map_err(|error| unreachable(&error))?);
        let opened = Self::over(stream).await;
        opened.map_err(|error| unreachable(&error))
    }

    /// Opens one without TLS.
    ///
    /// # Errors
    /// The address and the reason.
    async fn open_loopback(Address { uri, .. }: &Address) -> io::Result<Self> {
        let unreachable =
            |error: &(dyn Error + 'static)| io::Error::other(format!("{uri}: {}", causes(error)));
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let stream = connector.oneshot(uri.clone()).await;
        let stream = stream.map_err(|error| unreachable(&error))?;
        let opened = Self::over(stream).await;
        opened.map_err(|error| unreachable(&error))
    }

    async fn over<S>(stream: S) -> hyper::Result<Self>
    where
        S: Read + Write + Send + Unpin + 'static,
    {
        let (sender, driver) = http1::handshake(stream).await?;
        // The call gets the reason.
        let driver = tokio::spawn(async move { drop(driver.await) });
        Ok(Self {
            sender,
            _driver: AbortOnDropHandle::new(driver),
        })
    }

    /// Sends a request and reads the answer to its end, which may have so many bytes.
    ///
    /// # Errors
    /// [`HttpError`].
    pub async fn exchange(
        &mut self,
        request: Request<Full<Bytes>>,
        limit: usize,
    ) -> Result<(StatusCode, Bytes), HttpError> {
        let answer = self.send(request).await?.await?;
        Ok((answer.status(), read(answer.into_body(), limit).await?))
    }

    /// Sends a request. What this returns waits until the answer begins; the request is under way without it.
    ///
    /// # Errors
    /// [`HttpError::Lost`] when the connection has ended.
    pub async fn send(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> Result<impl Future<Output = Result<Response<Incoming>, HttpError>> + Send + use<>, HttpError>
    {
        self.sender.ready().await.map_err(|error| lost(&error))?;
        let answer = self.sender.send_request(request);
        Ok(async move { answer.await.map_err(|error| lost(&error)) })
    }
}

/// Reads an answer to its end, which may have so many bytes.
///
/// # Errors
/// [`HttpError::Unreadable`] when it has more.
pub async fn read(body: Incoming, limit: usize) -> Result<Bytes, HttpError> {
    match Limited::new(body, limit).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(HttpError::Unreadable(format!(
            "it is longer than {limit} bytes"
        ))),
        Err(error) => Err(lost(&*error)),
    }
}

/// The connection ended, for this reason.
pub fn lost(error: &(dyn Error + 'static)) -> HttpError {
    HttpError::Lost(causes(error))
}

/// An error with what caused it: the outermost says little.
fn causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}
