//! The state of the router: all substates in one place. Only the routers know it; handlers and extractors name the
//! substates that they need, and get them through [`FromRef`].

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::extract::FromRef;
use jiff::tz::TimeZone;
use tokio_util::sync::CancellationToken;

use super::{
    assets::Assets,
    buyer::pages::Pages,
    desk::settings::Desk,
    extract::{bearer::Authenticator, client::Proxies, visitor::DefaultLanguage},
    fast_path::{FastPath, RenderCache},
    limits::{bodies::BodyLimits, creation::CreationLimit, streams::StreamLimits},
    lnurl::again::RecentRequests,
    middleware::cross_site::CrossSitePolicy,
    mode::Mode,
    origin::OwnAddress,
    probe::Probes,
    theme::{Theme, ThemeError},
};
use crate::{
    auth::Access,
    bookkeeping::Bookkeeping,
    config::{
        AllowOrigins, Config, FormConfig, HoldConfig, InvoiceConfig, LightningAddressConfig,
        PricingConfig,
    },
    counter::Counter,
    invoices::Invoicing,
    links::Links,
    notices::Notices,
    offers::Offers,
    payouts::Payouts,
    paywall::Paywall,
    reveal::Reveals,
    users::Users,
    webhooks::Webhooks,
};

/// The state of the router. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Substates>);

/// The substates, each available from the state through [`FromRef`].
macro_rules! substates {
    ($($(#[$doc:meta])* $field:ident: $substate:ty,)*) => {
        struct Substates {
            $($(#[$doc])* $field: $substate,)*
        }

        $(impl FromRef<App> for $substate {
            fn from_ref(app: &App) -> Self {
                app.0.$field.clone()
            }
        })*
    };
}

substates! {
    invoicing: Arc<Invoicing>,
    payouts: Payouts,
    paywall: Paywall,
    reveals: Reveals,
    users: Users,
    bookkeeping: Bookkeeping,
    desk: Desk,
    offers: Offers,
    links: Links,
    notices: Notices,
    counter: Counter,
    webhooks: Webhooks,
    access: Access,
    authenticator: Arc<Authenticator>,
    proxies: Proxies,
    probes: Probes,
    address: OwnAddress,
    language: DefaultLanguage,
    cross_site: CrossSitePolicy,
    bodies: BodyLimits,
    creation: Arc<CreationLimit>,
    lnurl_requests: Arc<RecentRequests>,
    streams: StreamLimits,
    assets: Arc<Assets>,
    pages: Pages,
    cache: Arc<RenderCache>,
    fast_path: FastPath,
    form: Arc<FormConfig>,
    invoice: Arc<InvoiceConfig>,
    hold: Arc<HoldConfig>,
    lightning_address: Arc<LightningAddressConfig>,
    pricing: Arc<PricingConfig>,
    /// Cancelled on shutdown: streams end then.
    stopping: CancellationToken,
    mode: Mode,
    routing: Arc<Routing>,
}

/// Settings that determine which routes exist, and what wraps them.
pub(crate) struct Routing {
    pub(crate) charge: bool,
    pub(crate) lnbits: bool,
    pub(crate) greenfield: bool,
    pub(crate) allow_origins: AllowOrigins,
    /// The deadline of a single call to the node.
    pub(crate) node_deadline: Duration,
}

/// The use cases that the pages and the API are about.
#[derive(Debug)]
pub struct UseCases {
    /// Invoices.
    pub invoicing: Invoicing,
    /// Payouts.
    pub payouts: Payouts,
    /// The paywall.
    pub paywall: Paywall,
    /// Pay to reveal.
    pub reveals: Reveals,
    /// The users of the merchant's desk.
    pub users: Users,
    /// What it keeps about sales.
    pub bookkeeping: Bookkeeping,
    /// Offers.
    pub offers: Offers,
    /// Payment links.
    pub links: Links,
    /// Notices.
    pub notices: Notices,
    /// The counter.
    pub counter: Counter,
}

impl App {
    /// Builds the state. `stopping` is cancelled when streams must end.
    ///
    /// # Errors
    /// If a file of the shop's theme cannot be used.
    pub fn new(
        config: &Config,
        use_cases: UseCases,
        access: Access,
        webhooks: Webhooks,
        mode: Mode,
        stopping: CancellationToken,
    ) -> Result<Self, ThemeError> {
        let UseCases {
            invoicing,
            payouts,
            paywall,
            reveals,
            users,
            bookkeeping,
            offers,
            links,
            notices,
            counter,
        } = use_cases;
        let fast_path = FastPath::configured(config.server.fast_path);
        let Theme { assets, logo } = Theme::load(&config.site, fast_path)?;
        let logo = logo.map(|path| assets.link(&path));
        Ok(Self(Arc::new(Substates {
            invoicing: Arc::new(invoicing),
            payouts,
            paywall,
            reveals,
            users,
            bookkeeping,
            desk: Desk::new(config, &mode),
            offers,
            links,
            notices,
            counter,
            webhooks,
            authenticator: Arc::new(Authenticator::new(access.clone(), &config.api)),
            access,
            proxies: Proxies::new(&config.server),
            probes: Probes::default(),
            address: OwnAddress::new(&config.server),
            language: DefaultLanguage(config.site.language),
            cross_site: CrossSitePolicy::new(config),
            bodies: BodyLimits::new(config.limits.body_memory(), config.server.body_timeout()),
            creation: Arc::new(CreationLimit::new(&config.limits)),
            lnurl_requests: Arc::default(),
            streams: StreamLimits::new(&config.limits),
            pages: Pages::new(config, &assets, logo, &mode),
            assets: Arc::new(assets),
            cache: Arc::new(RenderCache::new(fast_path)),
            fast_path,
            form: Arc::new(config.form.clone()),
            invoice: Arc::new(config.invoice.clone()),
            hold: Arc::new(config.hold.clone()),
            lightning_address: Arc::new(config.lightning_address.clone()),
            pricing: Arc::new(config.pricing.clone()),
            stopping,
            mode,
            routing: Arc::new(Routing {
                charge: config.charge.enabled,
                lnbits: config.lnbits.enabled,
                greenfield: config.greenfield.enabled,
                allow_origins: config.api.allow_origins.clone(),
                node_deadline: config.node.deadline(),
            }),
        })))
    }

    /// The shop's time zone, if this is a sandbox with a desk.
    pub fn zone_of_demo(&self) -> Option<TimeZone> {
        let desk = &self.0.desk;
        desk.has_demo().then(|| desk.zone().clone())
    }

    /// Says on the desk's pages that there are sales that never were.
    pub fn has_sample_sales(&self) {
        self.0.desk.say_samples();
    }

    /// Sets the address we listen on: the port may have been chosen by the system. Only the first call counts.
    pub fn listens_at(&self, address: SocketAddr) {
        self.0.address.listens_at(address);
    }
}
