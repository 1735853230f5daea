//! Where visitors find us, which links in answers begin with: the configured address, or the host that a visitor came by.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};

use super::{App, host, state::status_path};
use crate::{config::PublicUrl, invoice::Label};

/// `https://shop.example`; nothing where no usable host is known.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub(super) struct Origin(Option<String>);

impl Origin {
    pub(super) fn of(app: &App, headers: &HeaderMap) -> Self {
        Self(match &app.public_url {
            PublicUrl::Fixed(_) => Some(app.public_url.to_string()),
            PublicUrl::AsVisited => host::named(headers).map(|host| format!("http://{host}")),
        })
    }

    /// Where nobody has come by: webhooks.
    pub(super) fn configured(app: &App) -> Self {
        Self::of(app, &HeaderMap::new())
    }

    /// The whole address of an invoice's page; without a usable host its path alone.
    pub(super) fn status_url(&self, label: &Label) -> String {
        format!("{}{}", self.as_str(), status_path(label))
    }

    pub(super) fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }
}

impl FromRequestParts<App> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self::of(app, &parts.headers))
    }
}
