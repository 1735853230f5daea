//! Where visitors find us, which links in answers begin with: the configured address, or the host that a visitor came by.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};

use super::paths::status_path;
use crate::config::PublicUrl;
use crate::web::middleware::host;
use crate::web::state::App;
use facture_domain::Label;

/// `https://shop.example`
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub(crate) struct Origin(String);

impl Origin {
    /// For an answer to a request with these headers.
    pub(crate) fn of(app: &App, headers: &HeaderMap) -> Self {
        match (&app.public_url, host::named(headers)) {
            (PublicUrl::AsVisited, Some(host)) => Self(format!("http://{host}")),
            _ => Self::own(app),
        }
    }

    /// Where nobody has come by, as for webhooks. Without a configured one it is where we listen: links to that work on
    /// this machine at least, and wherever we listen to all.
    pub(crate) fn own(app: &App) -> Self {
        Self(match &app.public_url {
            PublicUrl::Fixed(_) => app.public_url.to_string(),
            PublicUrl::AsVisited => {
                let mut address = app.address();
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

    /// The whole address of an invoice's page.
    pub(crate) fn status_url(&self, label: &Label) -> String {
        format!("{}{}", self.as_str(), status_path(label))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromRequestParts<App> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self::of(app, &parts.headers))
    }
}
