//! What every handler can reach.

use std::{
    net::SocketAddr,
    ops::Deref,
    sync::{Arc, OnceLock},
    time::Duration,
};

use tokio_util::sync::CancellationToken;

use super::{assets::Assets, error::Problem};
use crate::web::{
    extract::client::Proxies,
    fast_path::{FastPath, render_cache::Kept},
    limits::Limits,
    theme::{Look, LookError},
};
use crate::{
    auth::Access,
    config::{
        AllowOrigins, ChargeConfig, Config, EmbedConfig, FormConfig, InvoiceConfig, PricingConfig,
        PublicUrl, SiteConfig,
    },
    invoices::{Error as InvoicingError, Found, Invoicing},
    webhooks::Webhooks,
};
use facture_domain::{
    Label,
    token::{Grant, Token, TokenId},
};
use facture_sandbox::SandboxNode;

/// The state of the router. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<AppState>);

/// The parts of [`App`].
pub struct AppState {
    pub(crate) invoicing: Invoicing,
    access: Access,
    pub(crate) webhooks: Webhooks,
    pub(crate) limits: Limits,
    pub(crate) proxies: Proxies,
    pub(crate) form: FormConfig,
    pub(crate) body_patience: Duration,
    pub(crate) allow_origins: AllowOrigins,
    pub(crate) invoice: InvoiceConfig,
    pub(crate) site: SiteConfig,
    pub(crate) assets: Assets,
    pub(crate) fast_path: FastPath,
    pub(crate) kept: Kept,
    /// The link to the shop's logo.
    pub(crate) logo: Option<String>,
    pub(crate) embed: EmbedConfig,
    pub(crate) charge: ChargeConfig,
    pub(crate) pricing: PricingConfig,
    pub(crate) public_url: PublicUrl,
    /// Where we are to listen, and where we do.
    listen: SocketAddr,
    listening: OnceLock<SocketAddr>,
    pub(crate) node_deadline: Duration,
    /// Cancelled when we are to stop: streams end then.
    pub(crate) stopping: CancellationToken,
    pub(crate) mode: Mode,
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
        let fast_path = FastPath::configured(config.server.fast_path);
        let Look { assets, logo } = Look::load(&config.site, fast_path)?;
        Ok(Self(Arc::new(AppState {
            invoicing,
            access,
            webhooks,
            limits: Limits::new(config),
            proxies: Proxies::new(&config.server),
            form: config.form.clone(),
            body_patience: config.server.body_patience(),
            allow_origins: config.api.allow_origins.clone(),
            invoice: config.invoice.clone(),
            site: config.site.clone(),
            logo: logo.map(|path| assets.link(&path)),
            assets,
            fast_path,
            kept: Kept::new(fast_path),
            embed: config.embed.clone(),
            charge: config.charge.clone(),
            pricing: config.pricing.clone(),
            public_url: config.server.public_url.clone(),
            listen: config.server.listen,
            listening: OnceLock::new(),
            node_deadline: config.node.deadline(),
            stopping,
            mode,
        })))
    }
}

impl App {
    /// Tells it where it listens: the port may be one that was free. The first time counts.
    pub fn listens_at(&self, address: SocketAddr) {
        // A second address is no better than the first.
        let _ = self.listening.set(address);
    }
}

impl Deref for App {
    type Target = AppState;

    fn deref(&self) -> &AppState {
        &self.0
    }
}

impl AppState {
    /// Where we listen.
    pub(crate) fn address(&self) -> SocketAddr {
        self.listening.get().copied().unwrap_or(self.listen)
    }

    /// Looks a caller's token up.
    pub(crate) async fn authenticate(&self, token: &Token) -> Result<Option<Grant>, Problem> {
        let known = self.access.authenticate(token).await;
        Ok(known.map_err(InvoicingError::Store)?)
    }

    /// One more address for a single invoice, named with this token.
    ///
    /// # Errors
    /// [`Problem::TooManyDeliveries`]; what keeps the store from counting.
    pub(crate) async fn admit_webhook(&self, token: &TokenId) -> Result<(), Problem> {
        match self.webhooks.has_room(token.as_str()).await? {
            true => Ok(()),
            false => Err(Problem::TooManyDeliveries),
        }
    }

    /// Looks an invoice up; that there is none is a problem for whoever asks.
    pub(crate) async fn find(&self, label: &Label) -> Result<Found, Problem> {
        self.invoicing
            .find(label)
            .await?
            .ok_or(Problem::InvoiceNotFound)
    }
}
