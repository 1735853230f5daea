//! What every handler can reach.

use std::{ops::Deref, sync::Arc, time::Duration};

use axum::http::{HeaderMap, header};
use tokio_util::sync::CancellationToken;

use super::{
    assets::Assets,
    error::Problem,
    limit::RateLimit,
    look::{Look, LookError},
};
use crate::{
    access::Access,
    config::{
        AllowOrigins, ChargeConfig, Config, EmbedConfig, InvoiceConfig, PublicUrl, SiteConfig,
    },
    invoice::Label,
    invoicing::{Error as InvoicingError, Found, Invoicing},
    sandbox::SandboxNode,
    token::{Grant, Token},
    webhook::Webhooks,
};

/// The state of the router. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<AppState>);

/// The parts of [`App`].
pub struct AppState {
    pub(super) invoicing: Invoicing,
    access: Access,
    pub(super) webhooks: Webhooks,
    pub(super) rate_limit: RateLimit,
    pub(super) allow_origins: AllowOrigins,
    pub(super) invoice: InvoiceConfig,
    pub(super) site: SiteConfig,
    pub(super) assets: Assets,
    /// The link to the shop's logo.
    pub(super) logo: Option<String>,
    pub(super) embed: EmbedConfig,
    pub(super) charge: ChargeConfig,
    pub(super) public_url: PublicUrl,
    pub(super) node_deadline: Duration,
    /// Cancelled when we are to stop: streams end then.
    pub(super) stopping: CancellationToken,
    pub(super) mode: Mode,
}

/// Which kind of money this is about.
pub enum Mode {
    /// A node that holds real money.
    Live,
    /// Our own stand-in: every page says so, and invoices are paid by a button.
    Sandbox(SandboxNode),
}

impl App {
    /// Puts it together. `stopping` is cancelled when streams are to end.
    ///
    /// # Errors
    /// When a file of the shop's look cannot be used.
    pub fn new(
        config: &Config,
        invoicing: Invoicing,
        access: Access,
        webhooks: Webhooks,
        mode: Mode,
        stopping: CancellationToken,
    ) -> Result<Self, LookError> {
        let Look { assets, logo } = Look::load(&config.site)?;
        Ok(Self(Arc::new(AppState {
            invoicing,
            access,
            webhooks,
            rate_limit: RateLimit::per_minute(config.api.requests_per_minute.value()),
            allow_origins: config.api.allow_origins.clone(),
            invoice: config.invoice.clone(),
            site: config.site.clone(),
            logo: logo.map(|path| assets.link(&path)),
            assets,
            embed: config.embed.clone(),
            charge: config.charge.clone(),
            public_url: config.server.public_url.clone(),
            node_deadline: config.node.deadline(),
            stopping,
            mode,
        })))
    }
}

impl Deref for App {
    type Target = AppState;

    fn deref(&self) -> &AppState {
        &self.0
    }
}

impl AppState {
    /// Looks a caller's token up.
    pub(super) async fn authenticate(&self, token: &Token) -> Result<Option<Grant>, Problem> {
        let known = self.access.authenticate(token).await;
        Ok(known.map_err(InvoicingError::Store)?)
    }

    /// Looks an invoice up; that there is none is a problem for whoever asks.
    pub(super) async fn find(&self, label: &Label) -> Result<Found, Problem> {
        self.invoicing
            .find(label)
            .await?
            .ok_or(Problem::InvoiceNotFound)
    }

    /// The whole address of an invoice's page: with the configured origin, or with the host that the visitor came by.
    /// A request without a usable host gets the path alone.
    pub(super) fn status_url(&self, label: &Label, headers: &HeaderMap) -> String {
        let path = status_path(label);
        match self.origin(headers) {
            Some(origin) => format!("{origin}{path}"),
            None => path,
        }
    }

    /// Where the visitor finds us: the configured origin, or the host that the visitor came by, if it is usable.
    pub(super) fn origin(&self, headers: &HeaderMap) -> Option<String> {
        match &self.public_url {
            PublicUrl::Fixed(_) => Some(self.public_url.to_string()),
            PublicUrl::AsVisited => {
                let host = headers.get(header::HOST)?.to_str().ok()?;
                is_authority(host).then(|| format!("http://{host}"))
            }
        }
    }
}

/// The path of an invoice's page.
pub(super) fn status_path(label: &Label) -> String {
    format!("/check_invoice/{label}")
}

fn is_authority(host: &str) -> bool {
    !host.contains('@') && host.parse::<axum::http::uri::Authority>().is_ok()
}
