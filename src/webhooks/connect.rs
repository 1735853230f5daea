//! From an address to a connection: directly, to an address that is allowed, or by a SOCKS5 proxy to Tor's network.

use std::{
    error::Error,
    task::{Context, Poll},
};

use futures_util::future::{BoxFuture, FutureExt};
use hyper::{Uri, http};
use hyper_util::{
    client::legacy::connect::{HttpConnector, proxy::SocksV5},
    rt::TokioIo,
};
use tokio::net::TcpStream;
use tower::{Service, ServiceExt};

use super::destination::Destination;
use facture_runtime::guard::Resolver;

/// The proxy is trusted: it is in the configuration, and may be on this machine.
type Onion = SocksV5<HttpConnector>;

/// Connects. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Connector {
    direct: HttpConnector<Resolver>,
    onion: Option<Onion>,
}

/// An address of Tor's network that was not reached.
#[derive(Debug, thiserror::Error)]
pub(super) enum OnionError {
    #[error("there is no proxy for .onion addresses")]
    NoProxy,
    #[error("the proxy for .onion addresses: {0}")]
    Failed(Box<dyn Error + Send + Sync>),
}

impl Connector {
    /// `onion_proxy`: the host and port of a SOCKS5 proxy.
    pub(super) fn new(resolver: Resolver, onion_proxy: Option<Uri>) -> Self {
        let mut direct = HttpConnector::new_with_resolver(resolver);
        direct.enforce_http(false);
        direct.set_nodelay(true);
        // The name goes to the proxy as it is: only Tor knows where it leads.
        let onion = onion_proxy.map(|proxy| {
            let mut to_proxy = HttpConnector::new();
            to_proxy.enforce_http(false);
            to_proxy.set_nodelay(true);
            SocksV5::new(proxy, to_proxy)
        });
        Self { direct, onion }
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<TcpStream>;
    type Error = Box<dyn Error + Send + Sync>;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let onion = to
            .host()
            .is_some_and(|host| Destination::named(host) == Destination::Onion);
        let Self {
            direct,
            onion: proxy,
        } = self.clone();
        async move {
            match (onion, proxy) {
                (false, _) => Ok(direct.oneshot(to).await?),
                (true, None) => Err(OnionError::NoProxy.into()),
                (true, Some(proxy)) => {
                    let connected = proxy.oneshot(with_port(to)?).await;
                    connected.map_err(|error| OnionError::Failed(error.into()).into())
                }
            }
        }
        .boxed()
    }
}

/// The same address with its port: without one the library goes to 443, also where the scheme is http.
fn with_port(to: Uri) -> Result<Uri, http::Error> {
    let default = match to.scheme_str() {
        Some("https") => 443,
        _ => 80,
    };
    let port = to.port_u16().unwrap_or(default);
    let host = to.host().unwrap_or_default();
    let authority = format!("{}:{port}", host.trim_end_matches('.'));
    let with_port = Uri::builder().scheme("http").authority(authority);
    with_port.path_and_query("/").build()
}
