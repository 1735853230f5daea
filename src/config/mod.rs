//! The configuration: defaults, then a TOML file, then the environment, then flags. It owns the keys, their defaults
//! and their limits; each section is one struct for one consumer. Reading the environment happens here and nowhere
//! else.

mod api;
mod charge;
mod counter;
mod datev;
mod description;
mod desk;
mod error;
mod form;
mod greenfield;
mod hold;
mod invoice;
mod lightning_address;
mod limits;
mod lnbits;
mod load;
mod metrics;
mod node;
mod notices;
mod number;
mod paywall;
mod plugin;
mod pricing;
mod proxies;
mod receipt;
mod reveal;
mod rune;
mod server;
mod site;
mod store;
mod text;
mod time_zone;
mod webhooks;

pub use self::load::Config;
pub use self::{
    api::{AllowOrigins, ApiConfig, ConfiguredToken},
    charge::ChargeConfig,
    counter::{CounterConfig, TypedTax},
    datev::{Account, DatevConfig, RevenueAccount, YearStart},
    desk::DeskConfig,
    error::ConfigError,
    form::{FormAmount, FormConfig},
    greenfield::GreenfieldConfig,
    hold::HoldConfig,
    invoice::{AdoptLabels, InvoiceConfig},
    lightning_address::{AddressName, LightningAddressConfig, SuccessMessage},
    limits::LimitsConfig,
    lnbits::LnbitsConfig,
    metrics::MetricsConfig,
    node::{LndUrl, NodeConfig, NodeKind, NodeTransport, RestUrl},
    notices::{BotApiUrl, NoticesConfig, SenderAddress, SmtpSecurity, SmtpServer},
    number::{Bounded, Sat},
    paywall::{PaywallConfig, PaywallScheme},
    plugin::PluginConfig,
    pricing::PricingConfig,
    proxies::{ProxyHeader, TrustedProxies},
    receipt::{ReceiptConfig, Seller},
    reveal::RevealConfig,
    rune::ConfiguredRune,
    server::{LogConfig, LogFormat, PublicUrl, ServerConfig},
    site::{Accent, EmbedConfig, Origins, SiteConfig},
    store::{ConfiguredDatabase, StoreConfig},
    text::{Line, SiteName},
    time_zone::ShopTimeZone,
    webhooks::{OnionProxy, WebhooksConfig},
};

#[cfg(test)]
mod tests;
