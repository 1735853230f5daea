//! From an address to a connection: directly, to an address that is allowed, or by a SOCKS5 proxy.

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

use super::resolve::Resolver;

/// What is reached by a SOCKS5 proxy, and the URL of that, such as `socks5://127.0.0.1:9050/`.
#[derive(Clone, Debug, Default)]
pub enum Proxy {
    /// Nothing.
    #[default]
    Off,
    /// Tor's network: `.onion` addresses.
    Onion(Uri),
    /// Everything.
    All(Uri),
}

/// The proxy is trusted: it is in the configuration, and may be on this machine.
type Socks = SocksV5<HttpConnector>;

/// Connects. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Connector {
    direct: HttpConnector<Resolver>,
    proxy: Option<Socks>,
    all_by_proxy: bool,
}

/// An address that was not reached by a proxy.
#[derive(Debug, thiserror::Error)]
pub enum ProxyError {
    /// An address of Tor's network, and no proxy.
    #[error("there is no proxy for .onion addresses")]
    Missing,
    /// The proxy did not connect.
    #[error("the proxy: {0}")]
    Failed(Box<dyn Error + Send + Sync>),
}

/// Whether a name is one of Tor's network, which no resolver may be asked for (RFC 7686).
pub fn is_onion(name: &str) -> bool {
    let whole = name.strip_suffix('.').unwrap_or(name);
    whole
        .rsplit('.')
        .next()
        .is_some_and(|last| last.eq_ignore_ascii_case("onion"))
}

impl Connector {
    /// With this resolver for what is reached directly.
    pub fn new(resolver: Resolver, proxy: Proxy) -> Self {
        let mut direct = HttpConnector::new_with_resolver(resolver);
        direct.enforce_http(false);
        direct.set_nodelay(true);
        let all_by_proxy = matches!(proxy, Proxy::All(_));
        // The name goes to the proxy as it is: only Tor knows where it leads.
        let socks = |proxy: Uri| {
            let mut to_proxy = HttpConnector::new();
            to_proxy.enforce_http(false);
            to_proxy.set_nodelay(true);
            SocksV5::new(proxy, to_proxy)
        };
        Self {
            direct,
            proxy: match proxy {
                Proxy::Off => None,
                Proxy::Onion(proxy) | Proxy::All(proxy) => Some(socks(proxy)),
            },
            all_by_proxy,
        }
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
        let by_proxy = self.all_by_proxy || to.host().is_some_and(is_onion);
        let Self { direct, proxy, .. } = self.clone();
        async move {
            match (by_proxy, proxy) {
                (false, _) => Ok(direct.oneshot(to).await?),
                (true, None) => Err(ProxyError::Missing.into()),
                (true, Some(proxy)) => {
                    let connected = proxy.oneshot(with_port(to)?).await;
                    connected.map_err(|error| ProxyError::Failed(error.into()).into())
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
