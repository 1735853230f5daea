//! One HTTP request to a receiver: no redirect, one deadline for all of it, and little of the answer is read.

use std::{
    error::Error,
    io::{self, ErrorKind},
    time::Duration,
};

use http_body_util::{BodyExt, Full};
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    header,
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy,
    rt::{TokioExecutor, TokioTimer},
};
use tokio::time::{Instant, timeout_at};

use super::destination::Destination;
use crate::webhooks::service::Options;
use facture_domain::{
    HookUrl,
    hook::{Attempt, Failure, Outcome},
};
use facture_runtime::{
    guard::{Connector, Lookup, Policy, Proxy, ProxyError, ResolveError, Resolver},
    tls::{self, TlsError},
};

/// The most bytes of an answer that are read. A receiver that sends more loses the connection.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// How long an idle connection is pooled for the next event, and how many for each receiver.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(30);
const MAX_IDLE_PER_RECEIVER: usize = 2;

/// Sends requests. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    inner: legacy::Client<HttpsConnector<Connector>, Full<Bytes>>,
    policy: Policy,
    deadline: Duration,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) outcome: Outcome,
    /// The header, as it came.
    pub(crate) retry_after: Option<String>,
    /// The beginning of the body.
    pub(crate) excerpt: String,
}

impl Client {
    pub(crate) fn new(options: &Options, lookup: Lookup) -> Result<Self, TlsError> {
        let policy = Policy::new(options.allowed);
        let resolver = Resolver::new(policy, lookup);
        let connector = Connector::new(
            resolver,
            options.onion_proxy.clone().map_or(Proxy::Off, Proxy::Onion),
        );
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(tls::system()?)
            .https_or_http();
        let connector = https.enable_http1().wrap_connector(connector);
        let inner = legacy::Client::builder(TokioExecutor::new())
            .pool_idle_timeout(POOL_IDLE_TIMEOUT)
            .pool_max_idle_per_host(MAX_IDLE_PER_RECEIVER)
            .pool_timer(TokioTimer::new())
            .build(connector);
        Ok(Self {
            inner,
            policy,
            deadline: options.deadline,
        })
    }

    /// Sends a POST request with these headers; waits for the answer's head until the deadline.
    pub(crate) async fn post(
        &self,
        url: &HookUrl,
        headers: &[(&'static str, String)],
        body: Vec<u8>,
    ) -> Answer {
        // A number in place of a name asks no resolver.
        if let Destination::Address(address) = Destination::of(url)
            && !self.policy.allows(address)
        {
            return Answer::failed(Failure::PrivateAddress);
        }
        let mut request = Request::post(url.as_str())
            .header(header::CONTENT_TYPE, "application/json")
            .header(
                header::USER_AGENT,
                concat!("facture/", env!("CARGO_PKG_VERSION")),
            );
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let Ok(request) = request.body(Full::new(body.into())) else {
            return Answer::failed(Failure::Internal);
        };
        let until = Instant::now() + self.deadline;
        match timeout_at(until, self.inner.request(request)).await {
            Err(_) => Answer::failed(Failure::TimedOut),
            Ok(Err(error)) => Answer::failed(failure(&error)),
            Ok(Ok(response)) => Answer::read(response, until).await,
        }
    }
}

impl Answer {
    pub(super) fn failed(failure: Failure) -> Self {
        Self {
            outcome: Outcome::Failed(failure),
            retry_after: None,
            excerpt: String::new(),
        }
    }

    /// The status counts, whatever becomes of the body.
    async fn read(response: Response<Incoming>, until: Instant) -> Self {
        let outcome = Outcome::Answered(response.status().as_u16());
        let retry_after = response.headers().get(header::RETRY_AFTER);
        let retry_after = retry_after
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let mut body = response.into_body();
        let mut beginning = Vec::new();
        let mut read = 0;
        while read < MAX_ANSWER_BYTES
            && let Ok(Some(Ok(frame))) = timeout_at(until, body.frame()).await
        {
            let Some(data) = frame.data_ref() else {
                continue;
            };
            read += data.len();
            let wanted = Attempt::EXCERPT_BYTES.saturating_sub(beginning.len());
            beginning.extend_from_slice(&data[..data.len().min(wanted)]);
        }
        Self {
            outcome,
            retry_after,
            excerpt: excerpt(&beginning),
        }
    }
}

/// As text of at most as many bytes as are kept. What is no text becomes a sign of three bytes.
fn excerpt(bytes: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    text.truncate(text.floor_char_boundary(Attempt::EXCERPT_BYTES));
    text
}

/// Looks for the reason in the causes: the outermost error says only that there was one.
fn failure(error: &legacy::Error) -> Failure {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    let mut kind = None;
    while let Some(error) = next {
        match error.downcast_ref::<ResolveError>() {
            Some(ResolveError::Private) => return Failure::PrivateAddress,
            Some(ResolveError::Unresolved(_)) => return Failure::Dns,
            None => {}
        }
        if error.is::<ProxyError>() {
            return Failure::Proxy;
        }
        if tls::is_error(error) {
            return Failure::Tls;
        }
        next = match error.downcast_ref::<io::Error>() {
            // What is in one is not its source: it has its source instead.
            Some(error) => {
                kind = Some(error.kind());
                error.get_ref().map(|inner| inner as _)
            }
            None => error.source(),
        };
    }
    match (error.is_connect(), kind) {
        (true, Some(ErrorKind::ConnectionRefused)) => Failure::ConnectionRefused,
        (true, Some(ErrorKind::TimedOut)) => Failure::TimedOut,
        // There was a connection, and it ended before it was secured: no other step comes before the request.
        (true, Some(ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset)) => Failure::Tls,
        (true, _) => Failure::Unreachable,
        (false, _) => Failure::Broken,
    }
}

#[cfg(test)]
mod tests {
    use std::{net::SocketAddr, sync::Arc};

    use facture_runtime::guard::AllowedAddresses;
    use futures_util::FutureExt;
    use tokio::net::TcpListener;

    use super::*;

    fn options(allowed: AllowedAddresses) -> Options {
        Options {
            allowed,
            deadline: Duration::from_secs(20),
            onion_proxy: None,
            waiting_per_token: 0,
        }
    }

    #[tokio::test]
    async fn a_name_that_turns_to_this_machine_reaches_nobody_on_it() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!(
            "http://shop.example:{}/",
            listener.local_addr().unwrap().port()
        );
        let url = HookUrl::parse(&url).unwrap();
        let post = async |allowed| {
            let address = SocketAddr::from(([127, 0, 0, 1], 0));
            let lookup: Lookup = Arc::new(move |_| async move { Ok(vec![address]) }.boxed());
            let client = Client::new(&options(allowed), lookup).unwrap();
            client.post(&url, &[], Vec::new()).await
        };
        let Answer { outcome, .. } = post(AllowedAddresses::Public).await;
        assert_eq!(outcome, Outcome::Failed(Failure::PrivateAddress));
        // The same is reached when it is allowed: what is refused above is the address and nothing else.
        tokio::select! {
            _ = listener.accept() => {}
            answer = post(AllowedAddresses::Any) => panic!("{answer:?}"),
        }
    }
}
