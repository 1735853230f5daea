//! What a page of another site sends in a visitor's name is refused: forms, and requests with the credentials that a
//! browser adds by itself. What the browser says about it (`Origin`, `Sec-Fetch-Site`) decides; programs say neither and
//! are let through.
//!
//! A library has this for forms (tower-http's `csrf`), but it lets every GET pass, and a stream or a WebSocket is one; and
//! it takes whatever `Host` a request names for ours, which a name that its owner has pointed at us (DNS rebinding) is not.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use super::host;
use crate::{
    config::{AllowOrigins, Config, Origins, PublicUrl},
    web::error::Problem,
};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Which origins are trusted. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct CrossSitePolicy(Arc<Trusted>);

#[derive(Debug)]
struct Trusted {
    public_url: PublicUrl,
    /// Shops that may show our pages in a frame.
    shops: Origins,
    /// Pages that may use the API in a browser.
    api_clients: AllowOrigins,
}

/// The other sites whose pages may send a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OtherSites {
    /// Those of the shops that may show ours in a frame (`embed.origins`).
    Shops,
    /// Those that may use the API in a browser (`api.allow_origins`): they know its token.
    ApiClients,
    /// None: it is the browser that knows the credentials.
    Nobody,
}

impl CrossSitePolicy {
    /// As configured.
    pub(crate) fn new(config: &Config) -> Self {
        Self(Arc::new(Trusted {
            public_url: config.server.public_url.clone(),
            shops: config.embed.origins.clone(),
            api_clients: config.api.allow_origins.clone(),
        }))
    }

    /// Whether our own pages, pages of these others, or no pages at all sent a request with these headers.
    ///
    /// # Errors
    /// [`Problem::CrossSite`].
    pub(crate) fn check(&self, headers: &HeaderMap, others: OtherSites) -> Result<(), Problem> {
        // An empty one is none, as old clients send it.
        let said = |name| headers.get(name).filter(|value| !value.is_empty());
        let (origin, site) = (said(header::ORIGIN), said(SEC_FETCH_SITE));
        let ours = match (origin, site) {
            (None, None) => true,
            (Some(origin), _) if self.is_trusted(origin, others) => true,
            // By whatever name the visitor came here: the page did too.
            (Some(origin), _) if is_visited(origin, headers) => self.is_own_host(headers),
            // A page that keeps its address to itself has this for an origin.
            (None, Some(site)) => is_same(site) && self.is_own_host(headers),
            (Some(origin), Some(site)) => {
                origin == "null" && is_same(site) && self.is_own_host(headers)
            }
            (Some(_), None) => false,
        };
        match ours {
            true => Ok(()),
            false => {
                hint(site, origin, headers);
                Err(Problem::CrossSite)
            }
        }
    }

    /// Our configured address, known even where a proxy says another host; and these others.
    fn is_trusted(&self, origin: &HeaderValue, others: OtherSites) -> bool {
        let Self(trusted) = self;
        let own = match &trusted.public_url {
            PublicUrl::Fixed(_) => origin.as_bytes() == trusted.public_url.to_string().as_bytes(),
            PublicUrl::AsVisited => false,
        };
        let is = |listed: &String| origin.as_bytes() == listed.as_bytes();
        own || match (others, &trusted.api_clients) {
            (OtherSites::Shops, _) => trusted.shops.iter().any(is),
            (OtherSites::ApiClients, AllowOrigins::Any) => true,
            (OtherSites::ApiClients, AllowOrigins::Only(origins)) => origins.iter().any(is),
            (OtherSites::Nobody, _) => false,
        }
    }

    /// Whether the host that the request names cannot be a name that somebody else has pointed at us.
    fn is_own_host(&self, headers: &HeaderMap) -> bool {
        let Some(named) = host::named(headers) else {
            return false;
        };
        let Self(trusted) = self;
        let configured = match &trusted.public_url {
            PublicUrl::Fixed(url) => {
                named == &url[url::Position::BeforeHost..url::Position::AfterPort]
            }
            PublicUrl::AsVisited => false,
        };
        configured || is_nobodys(host::name(named))
    }
}

/// Middleware for all routes that do something but those of the API: there nothing is done in the name of a browser.
pub(crate) async fn forms(
    State(policy): State<CrossSitePolicy>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    if !request.method().is_safe() {
        policy.check(request.headers(), OtherSites::Shops)?;
    }
    Ok(next.run(request).await)
}

/// Whether it is the host that the request names, with either scheme: which one the visitor used, a proxy hides.
fn is_visited(origin: &HeaderValue, headers: &HeaderMap) -> bool {
    let origin = origin.to_str().unwrap_or_default();
    let plain = origin
        .strip_prefix("http://")
        .or(origin.strip_prefix("https://"));
    plain.is_some() && plain == host::named(headers)
}

/// What a browser says of a request that a page of ours, or nobody but the visitor, caused.
fn is_same(site: &HeaderValue) -> bool {
    site == "same-origin" || site == "none"
}

/// Addresses, which need no name; and names that the public DNS does not have, so that nobody can point one at us: plain
/// ones, such as a container's, and those in domains that are reserved (RFC 6761, RFC 6762, RFC 7686, RFC 8375) or that
/// routers use.
fn is_nobodys(name: &str) -> bool {
    const RESERVED: [&str; 6] = [
        ".localhost",
        ".local",
        ".internal",
        ".home.arpa",
        ".lan",
        ".onion",
    ];
    let name = name.to_ascii_lowercase();
    let number = name.trim_start_matches('[').trim_end_matches(']');
    let ends = |domain: &&str| name.len() > domain.len() && name.ends_with(*domain);
    number.parse::<IpAddr>().is_ok() || !name.contains('.') || RESERVED.iter().any(ends)
}

/// How long [`hint`] is silent.
const HINT_INTERVAL: Duration = Duration::from_secs(60);

/// Logs a hint about a refused request that may have been our own page's: over plain HTTP browsers send no
/// `Sec-Fetch-Site`, behind a proxy that replaces `Host` the page's `Origin` is not the host that we see, and a public name
/// is taken for ours only when it is configured. The page says nothing about it. Anybody can cause it, so it is said once a
/// minute at most.
fn hint(site: Option<&HeaderValue>, origin: Option<&HeaderValue>, headers: &HeaderMap) {
    static LAST: Mutex<Option<Instant>> = Mutex::new(None);
    if site.is_some_and(|site| !is_same(site)) {
        // Surely another site's.
        return;
    }
    {
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|last| last.elapsed() < HINT_INTERVAL) {
            return;
        }
        *last = Some(Instant::now());
    }
    let host = headers.get(header::HOST);
    tracing::warn!(
        ?host,
        ?origin,
        "a browser's request was refused as another site's, because its Origin is not the Host of the request, or that \
         is a public name. If it was from our own page: let the proxy in front pass on Host, and set server.public_url to \
         the address that buyers use"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_others_can_own_is_not_ours() {
        for name in [
            "127.0.0.1",
            "203.0.113.7",
            "[::1]",
            "[2001:db8::1]",
            "localhost",
            "LOCALHOST",
            "shop.localhost",
            "facture",
            "umbrel.local",
            "pay.lan",
            "pay.home.arpa",
            "pay.internal",
            "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion",
        ] {
            assert!(is_nobodys(name), "{name}");
        }
        for name in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "1.2.3",
            ".local",
            ".onion",
            "localevil.example",
            "evil.example.",
        ] {
            assert!(!is_nobodys(name), "{name}");
        }
    }
}
