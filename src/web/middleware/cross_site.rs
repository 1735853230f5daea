//! Refuses requests that a page of another site sends on a visitor's behalf: forms, and requests with credentials that
//! the browser adds automatically. The decision is based on the browser's headers (`Origin`, `Sec-Fetch-Site`);
//! programs send neither and are let through.
//!
//! A library does this for forms (tower-http's `csrf`), but it lets every GET pass, including streams and WebSockets.
//! It also trusts whatever `Host` a request names, even a name that its owner has pointed at us (DNS rebinding).

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
    /// Shops that may show our pages in a frame (`embed.origins`).
    Shops,
    /// Sites that may use the API in a browser (`api.allow_origins`): they know its token.
    ApiClients,
    /// None: the browser is what knows the credentials.
    Nobody,
}

impl CrossSitePolicy {
    /// Uses the configured origins.
    pub(crate) fn new(config: &Config) -> Self {
        Self(Arc::new(Trusted {
            public_url: config.server.public_url.clone(),
            shops: config.embed.origins.clone(),
            api_clients: config.api.allow_origins.clone(),
        }))
    }

    /// For the desk: its own address, and nobody else's pages.
    pub(crate) fn of_desk(url: &PublicUrl) -> Self {
        Self(Arc::new(Trusted {
            public_url: url.clone(),
            shops: Origins::default(),
            api_clients: AllowOrigins::default(),
        }))
    }

    /// Checks that a request with these headers was sent by our own pages, pages of these other sites, or no page at
    /// all.
    ///
    /// # Errors
    /// [`Problem::CrossSite`].
    pub(crate) fn check(&self, headers: &HeaderMap, others: OtherSites) -> Result<(), Problem> {
        // An empty header counts as absent, since old clients send it.
        let said = |name| headers.get(name).filter(|value| !value.is_empty());
        let (origin, site) = (said(header::ORIGIN), said(SEC_FETCH_SITE));
        let ours = match (origin, site) {
            (None, None) => true,
            (Some(origin), _) if self.is_trusted(origin, others) => true,
            // Whatever name the visitor used to get here, the page used it too.
            (Some(origin), _) if is_visited(origin, headers) => self.is_own_host(headers),
            // A page that hides its address has this origin.
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

    /// Whether it is our configured address, even where a proxy changes the host, or one of these other sites.
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

    /// Whether the host in the request cannot be a name that somebody else has pointed at us.
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
        configured || is_unregistrable(host::name(named))
    }
}

/// Middleware for all state-changing routes except those of the API: there, the browser adds no credentials.
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

/// Whether it is the host in the request, with either scheme: a proxy hides which one the visitor used.
fn is_visited(origin: &HeaderValue, headers: &HeaderMap) -> bool {
    let origin = origin.to_str().unwrap_or_default();
    let plain = origin
        .strip_prefix("http://")
        .or(origin.strip_prefix("https://"));
    plain.is_some() && plain == host::named(headers)
}

/// Whether the browser reports that one of our own pages, or only the visitor, caused the request.
fn is_same(site: &HeaderValue) -> bool {
    site == "same-origin" || site == "none"
}

/// Whether nobody else can register this name and point it at us. True for addresses, which need no name, and for names that are not in the
/// public DNS: plain ones, such as a container's, and those in domains that are reserved (RFC 6761, RFC 6762, RFC 7686,
/// RFC 8375) or used by routers.
pub(crate) fn is_unregistrable(name: &str) -> bool {
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

/// The minimum interval between two hints ([`hint`]).
const HINT_INTERVAL: Duration = Duration::from_secs(60);

/// Logs a hint about a refused request that may have come from our own page. Over plain HTTP, browsers send no
/// `Sec-Fetch-Site`; behind a proxy that replaces `Host`, the page's `Origin` is not the host that we see; and a public
/// name only counts as ours if configured. The error page does not mention this. Anybody can trigger it, so it is
/// logged at most once a minute.
fn hint(site: Option<&HeaderValue>, origin: Option<&HeaderValue>, headers: &HeaderMap) {
    static LAST: Mutex<Option<Instant>> = Mutex::new(None);
    if site.is_some_and(|site| !is_same(site)) {
        // Certainly another site's.
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
            assert!(is_unregistrable(name), "{name}");
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
            assert!(!is_unregistrable(name), "{name}");
        }
    }
}
