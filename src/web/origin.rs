//! Our address as seen by visitors, used for links in responses: the configured one, or the host that the visitor used.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, OnceLock},
};

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, request::Parts},
};

use super::{middleware::host, paths::status_path};
use crate::config::{PublicUrl, ServerConfig};
use facture_domain::Label;

/// `https://shop.example`
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub(crate) struct Origin(String);

/// Our own address: the configured one, and the one we listen on. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct OwnAddress(Arc<Addresses>);

#[derive(Debug)]
struct Addresses {
    public_url: PublicUrl,
    /// The address to listen on, and the actual one.
    listen: SocketAddr,
    listening: OnceLock<SocketAddr>,
}

impl OwnAddress {
    /// Uses the configured address.
    pub(crate) fn new(config: &ServerConfig) -> Self {
        Self(Arc::new(Addresses {
            public_url: config.public_url.clone(),
            listen: config.listen,
            listening: OnceLock::new(),
        }))
    }

    /// Sets the address we listen on: the port may have been chosen by the system. Only the first call counts.
    pub(crate) fn listens_at(&self, address: SocketAddr) {
        // A second address would be no better than the first.
        let _ = self.0.listening.set(address);
    }

    /// The origin if there is no visitor, as for webhooks. If none is configured, it is the address we listen on. Links
    /// to that work at least on this machine, and everywhere if we listen on all addresses.
    pub(crate) fn origin(&self) -> Origin {
        let Self(addresses) = self;
        Origin(match &addresses.public_url {
            PublicUrl::Fixed(_) => addresses.public_url.to_string(),
            PublicUrl::AsVisited => {
                let listening = addresses.listening.get();
                let mut address = listening.copied().unwrap_or(addresses.listen);
                if address.ip().is_unspecified() {
                    address.set_ip(match address.ip() {
                        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
                    });
                }
                format!("http://{address}")
            }
        })
    }
}

impl Origin {
    /// The origin for a response to a request with these headers.
    pub(crate) fn of(own: &OwnAddress, headers: &HeaderMap) -> Self {
        match (&own.0.public_url, host::named(headers)) {
            (PublicUrl::AsVisited, Some(host)) => Self(format!("http://{host}")),
            _ => own.origin(),
        }
    }

    /// The full URL of an invoice's page.
    pub(crate) fn status_url(&self, label: &Label) -> String {
        self.url(&status_path(label))
    }

    /// The full URL of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.as_str())
    }

    /// Host and port, where it is not the scheme's own.
    pub(crate) fn host(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, host)| host)
    }

    /// Scheme, host and port.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<S> FromRequestParts<S> for Origin
where
    OwnAddress: FromRef<S>,
    S: Sync,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&OwnAddress::from_ref(state), &parts.headers))
    }
}
