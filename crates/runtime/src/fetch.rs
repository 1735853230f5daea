//! One GET of a URL that somebody else named: no private address unless the configuration allows it, no redirect, one
//! deadline for all of it, and a short answer.

use std::{error::Error, fmt, net::IpAddr, time::Duration};

use http_body_util::Full;
use hyper::{Request, StatusCode, body::Bytes, header};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{client::legacy, rt::TokioExecutor};
use tokio::time::timeout;
use url::{Host, Url};

use crate::{
    guard::{self, AllowedAddresses, Connector, Policy, Proxy, ProxyError, Resolver},
    http,
    tls::{self, TlsError},
};

/// The longest answer, in bytes.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// What asks. Cheap to clone.
#[derive(Clone)]
pub struct Fetcher {
    client: legacy::Client<HttpsConnector<Connector>, Full<Bytes>>,
    policy: Policy,
    deadline: Duration,
}

/// Which URLs may be asked, how, and for how long.
#[derive(Clone, Debug)]
pub struct FetchOptions {
    /// The addresses that may be connected to. What a proxy connects to is the proxy's business.
    pub allowed: AllowedAddresses,
    /// What is asked by a proxy.
    pub proxy: Proxy,
    /// How long a whole answer may take.
    pub deadline: Duration,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// Its status.
    pub status: StatusCode,
    /// For how many seconds it was in caches on the way (`Age`, RFC 9111 §5.1).
    pub age: u64,
    /// Its body.
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// It must not be asked.
    #[error("its host is on a private network, or is an onion service")]
    NotAllowed,
    /// It did not answer: it is worth another try.
    #[error("{0}")]
    Unavailable(String),
}

impl Fetcher {
    /// With TLS roots of the system's.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn new(options: FetchOptions) -> Result<Self, TlsError> {
        let policy = Policy::new(options.allowed);
        let resolver = Resolver::new(policy, guard::system());
        let connector = Connector::new(resolver, options.proxy);
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(tls::system()?)
            .https_or_http();
        let client = legacy::Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .build(https.enable_http1().wrap_connector(connector));
        Ok(Self {
            client,
            policy,
            deadline: options.deadline,
        })
    }

    /// The answer, whatever its status is.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn get(&self, url: &Url) -> Result<Fetched, FetchError> {
        let address: Option<IpAddr> = match url.host() {
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            _ => None,
        };
        if address.is_some_and(|address| !self.policy.allows(address)) {
            return Err(FetchError::NotAllowed);
        }
        let request = Request::get(url.as_str())
            .header(header::ACCEPT, "application/json")
            .header(
                header::USER_AGENT,
                concat!("facture/", env!("CARGO_PKG_VERSION")),
            )
            .body(Full::default())
            .map_err(|error| FetchError::Unavailable(error.to_string()))?;
        let answered = async {
            let answer = self.client.request(request).await.map_err(failure)?;
            let age = answer.headers().get(header::AGE);
            let age = age.and_then(|age| age.to_str().ok()?.parse().ok());
            let status = answer.status();
            let body = http::read(answer.into_body(), MAX_ANSWER_BYTES).await;
            Ok(Fetched {
                status,
                age: age.unwrap_or(0),
                body: body.map_err(|error| FetchError::Unavailable(error.into_reason()))?,
            })
        };
        match timeout(self.deadline, answered).await {
            Ok(answer) => answer,
            Err(_) => Err(FetchError::Unavailable("it takes too long".to_owned())),
        }
    }
}

/// Looks for the reason in the causes.
fn failure(error: legacy::Error) -> FetchError {
    let mut next: Option<&(dyn Error + 'static)> = Some(&error);
    let mut words = String::new();
    while let Some(cause) = next {
        let refused = matches!(cause.downcast_ref(), Some(guard::ResolveError::Private))
            || matches!(cause.downcast_ref(), Some(ProxyError::Missing));
        if refused {
            return FetchError::NotAllowed;
        }
        words = cause.to_string();
        next = cause.source();
    }
    FetchError::Unavailable(words)
}

impl fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fetcher({:?})", self.policy)
    }
}
