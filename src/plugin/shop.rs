//! Buying from another shop: one POST to the page of an item, which makes an invoice for us. The address was typed by whoever
//! uses the node, perhaps from a message of somebody else: no private address unless the configuration allows it, no redirect,
//! one deadline for all of it, and a short answer.

use std::{error::Error, net::IpAddr, time::Duration};

use facture_runtime::{
    guard::{self, AllowedAddresses, Policy, ResolveError, Resolver},
    http, tls,
};
use http_body_util::Full;
use hyper::{Request, StatusCode, body::Bytes, header};
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde::Deserialize;
use tokio::time::timeout;
use url::{Host, Url};

use super::error::CommandError;

/// The longest answer, in bytes.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// How long it may take: the other shop asks its node.
const DEADLINE: Duration = Duration::from_secs(30);

/// What the other shop asks for, as it says. Nothing of it is trusted.
#[derive(Debug, Deserialize)]
pub(super) struct Offered {
    /// The invoice.
    pub(super) bolt11: String,
    /// Its page.
    pub(super) status_url: Option<String>,
    /// What is sold.
    pub(super) item: Option<OfferedItem>,
}

/// What is sold.
#[derive(Debug, Deserialize)]
pub(super) struct OfferedItem {
    pub(super) kind: String,
}

/// Reads the address of an item.
///
/// # Errors
/// [`CommandError`] for what is no address, or must not be asked.
pub(super) fn address(text: &str, allowed: AllowedAddresses) -> Result<Url, CommandError> {
    let wrong = |reason: &str| CommandError::param("url", reason);
    let url = Url::parse(text).map_err(|_| wrong("should be the address of an item's page"))?;
    match (url.scheme(), allowed) {
        // Who is in between could ask for the money instead.
        ("http", AllowedAddresses::Any) | ("https", _) => {}
        ("http", _) => return Err(wrong("should begin with https://")),
        _ => return Err(wrong("should be the address of an item's page")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("should have no password"));
    }
    let number: Option<IpAddr> = match url.host() {
        Some(Host::Ipv4(address)) => Some(address.into()),
        Some(Host::Ipv6(address)) => Some(address.into()),
        Some(Host::Domain(name)) if name.trim_end_matches('.').ends_with(".onion") => {
            return Err(wrong("onion services cannot be reached"));
        }
        Some(Host::Domain(_)) => None,
        None => return Err(wrong("should name a host")),
    };
    // A number asks no resolver.
    match number.is_none_or(|address| Policy::new(allowed).allows(address)) {
        true => Ok(url),
        false => Err(private()),
    }
}

/// Has the other shop make an invoice. The same key again is the same invoice.
///
/// # Errors
/// [`CommandError`], in words.
pub(super) async fn buy(
    url: &Url,
    key: &str,
    allowed: AllowedAddresses,
) -> Result<Offered, CommandError> {
    let failed = |reason: String| CommandError::failed(format!("the shop: {reason}"));
    let resolver = Resolver::new(Policy::new(allowed), guard::system());
    let mut connector = HttpConnector::new_with_resolver(resolver);
    connector.enforce_http(false);
    let trust = tls::system().map_err(|error| failed(error.to_string()))?;
    let https = HttpsConnectorBuilder::new()
        .with_tls_config(trust)
        .https_or_http();
    let client = legacy::Client::builder(TokioExecutor::new())
        .pool_max_idle_per_host(0)
        .build(https.enable_http1().wrap_connector(connector));
    let request = Request::post(url.as_str())
        .header(header::ACCEPT, "application/json")
        .header("idempotency-key", key)
        .header(header::CONTENT_LENGTH, 0)
        .body(Full::<Bytes>::default())
        .map_err(|error| failed(error.to_string()))?;
    let asked = async {
        let answer = client
            .request(request)
            .await
            .map_err(|error| explain(&error))?;
        let status = answer.status();
        let body = http::read(answer.into_body(), MAX_ANSWER_BYTES).await;
        let body = body.map_err(|error| failed(error.into_reason()))?;
        read(status, &body)
    };
    match timeout(DEADLINE, asked).await {
        Ok(answer) => answer,
        Err(_) => Err(failed("it takes too long".to_owned())),
    }
}

fn read(status: StatusCode, body: &[u8]) -> Result<Offered, CommandError> {
    #[derive(Deserialize)]
    struct Refusal {
        error: RefusalContent,
    }
    #[derive(Deserialize)]
    struct RefusalContent {
        code: String,
    }
    if status != StatusCode::CREATED && status != StatusCode::OK {
        // Its words are somebody else's: of them, only the code is shown.
        let code = serde_json::from_slice::<Refusal>(body).map(|refusal| refusal.error.code);
        let plain = |code: &String| {
            code.len() <= 40 && code.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'_'))
        };
        return Err(CommandError::failed(match code.ok().filter(plain) {
            Some(code) if code == "sold_out" => "the shop: sold out".to_owned(),
            Some(code) => format!("the shop refuses: {code} ({status})"),
            None => format!("the shop refuses: {status}"),
        }));
    }
    serde_json::from_slice(body).map_err(|_| {
        CommandError::param(
            "url",
            "is not the page of an item: the answer has no invoice",
        )
    })
}

/// Looks for the reason in the causes.
fn explain(error: &legacy::Error) -> CommandError {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    let mut words = String::new();
    while let Some(cause) = next {
        if let Some(ResolveError::Private) = cause.downcast_ref() {
            return private();
        }
        words = cause.to_string();
        next = cause.source();
    }
    CommandError::failed(format!("the shop cannot be reached: {words}"))
}

fn private() -> CommandError {
    CommandError::param(
        "url",
        "is on a private network, which plugin.getword_allow_private in facture's configuration does not allow",
    )
}
