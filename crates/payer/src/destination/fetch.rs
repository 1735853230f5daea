//! One GET of a URL that somebody else named: no private address unless the configuration allows it, no redirect, one
//! deadline for all of it, and a short answer.

use std::{fmt, net::IpAddr, time::Duration};

use facture_runtime::{
    guard::{self, AllowedAddresses, Policy, Resolver},
    http,
    tls::{self, TlsError},
};
use http_body_util::Full;
use hyper::{Request, body::Bytes, header};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::time::timeout;
use url::{Host, Url};

/// The longest answer, in bytes.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// How long it may take.
const DEADLINE: Duration = Duration::from_secs(15);

/// What asks.
#[derive(Clone)]
pub(crate) struct Fetcher {
    client: legacy::Client<HttpsConnector<HttpConnector<Resolver>>, Full<Bytes>>,
    policy: Policy,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    /// It must not be asked.
    #[error("its host is on a private network, or is an onion service")]
    NotAllowed,
    /// It did not answer: it is worth another try.
    #[error("{0}")]
    Unavailable(String),
}

impl Fetcher {
    pub(crate) fn new(allowed: AllowedAddresses) -> Result<Self, TlsError> {
        let policy = Policy::new(allowed);
        let mut http = HttpConnector::new_with_resolver(Resolver::new(policy, guard::system()));
        http.enforce_http(false);
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(tls::system()?)
            // `http` is for this machine only, as the reader of LNURLs sees to.
            .https_or_http();
        let client = legacy::Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .build(https.enable_http1().wrap_connector(http));
        Ok(Self { client, policy })
    }

    /// The body of the answer, whatever its status is: an error of LNURL may have any.
    pub(crate) async fn get(&self, url: &Url) -> Result<Bytes, FetchError> {
        let address: Option<IpAddr> = match url.host() {
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            _ => None,
        };
        let onion = url
            .host_str()
            .is_some_and(|host| host.trim_end_matches('.').ends_with(".onion"));
        if onion || address.is_some_and(|address| !self.policy.allows(address)) {
            return Err(FetchError::NotAllowed);
        }
        let unavailable = |error: &dyn fmt::Display| FetchError::Unavailable(error.to_string());
        let request = Request::get(url.as_str())
            .header(header::ACCEPT, "application/json")
            .body(Full::default())
            .map_err(|error| unavailable(&error))?;
        let answered = async {
            let answer = self.client.request(request).await.map_err(failure)?;
            let body = http::read(answer.into_body(), MAX_ANSWER_BYTES).await;
            body.map_err(|error| FetchError::Unavailable(error.into_reason()))
        };
        match timeout(DEADLINE, answered).await {
            Ok(answer) => answer,
            Err(_) => Err(FetchError::Unavailable("it takes too long".to_owned())),
        }
    }
}

/// Looks for the reason in the causes.
fn failure(error: legacy::Error) -> FetchError {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    let mut words = String::new();
    while let Some(cause) = next {
        if let Some(guard::ResolveError::Private) = cause.downcast_ref() {
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
