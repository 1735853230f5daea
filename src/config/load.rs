//! All keys, and how they are read: defaults, file, environment, flags.

use crate::config::api::ApiConfig;
use crate::config::charge::ChargeConfig;
use crate::config::desk::DeskConfig;
use crate::config::error;
use crate::config::error::ConfigError;
use crate::config::form::FormConfig;
use crate::config::greenfield::GreenfieldConfig;
use crate::config::hold::HoldConfig;
use crate::config::invoice::InvoiceConfig;
use crate::config::lightning_address::LightningAddressConfig;
use crate::config::limits::LimitsConfig;
use crate::config::lnbits::LnbitsConfig;
use crate::config::metrics::MetricsConfig;
use crate::config::node::NodeConfig;
use crate::config::notices::NoticesConfig;
use crate::config::paywall::{self, PaywallConfig};
use crate::config::plugin::PluginConfig;
use crate::config::pricing::PricingConfig;
use crate::config::receipt::ReceiptConfig;
use crate::config::reveal::{self, RevealConfig};
use crate::config::server::LogConfig;
use crate::config::server::ServerConfig;
use crate::config::site::EmbedConfig;
use crate::config::site::SiteConfig;
use crate::config::store::StoreConfig;
use crate::config::webhooks::WebhooksConfig;
use crate::config::{counter::CounterConfig, datev::DatevConfig};
use std::{collections::HashMap, fs, os::unix::fs::MetadataExt, path::Path};

use ::config as layers;
use serde::{Deserialize, Serialize};

/// Everything that can be set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// `[server]`: where buyers reach us.
    pub server: ServerConfig,
    /// `[node]`: how we reach lightningd.
    pub node: NodeConfig,
    /// `[store]`: where our own records are.
    pub store: StoreConfig,
    /// `[invoice]`: what may be asked for.
    pub invoice: InvoiceConfig,
    /// `[hold]`: payments that are held until the shop decides.
    pub hold: HoldConfig,
    /// `[form]`: the form on the front page.
    pub form: FormConfig,
    /// `[lightning_address]`: names that wallets can pay to.
    pub lightning_address: LightningAddressConfig,
    /// `[limits]`: how much strangers may do.
    pub limits: LimitsConfig,
    /// `[webhooks]`: how endpoints are told what happens.
    pub webhooks: WebhooksConfig,
    /// `[receipt]`: what receipts say of the seller.
    pub receipt: ReceiptConfig,
    /// `[site]`: how the pages present themselves.
    pub site: SiteConfig,
    /// `[embed]`: who may show the pages in a frame.
    pub embed: EmbedConfig,
    /// `[api]`: who may use the API.
    pub api: ApiConfig,
    /// `[charge]`: the API of Lightning Charge.
    pub charge: ChargeConfig,
    /// `[greenfield]`: the part of BTCPay's Greenfield API that its plug-ins for web shops use.
    pub greenfield: GreenfieldConfig,
    /// `[lnbits]`: the routes of LNbits' API for invoices.
    pub lnbits: LnbitsConfig,
    /// `[pricing]`: what prices in other currencies become.
    pub pricing: PricingConfig,
    /// `[desk]`: the merchant's desk.
    pub desk: DeskConfig,
    /// `[notices]`: how the shop's people are told what happens.
    pub notices: NoticesConfig,
    /// `[counter]`: selling at the desk to somebody who stands there.
    pub counter: CounterConfig,
    /// `[datev]`: the accounts of the DATEV export at the desk.
    pub datev: DatevConfig,
    /// `[metrics]`: where Prometheus reads what is counted.
    pub metrics: MetricsConfig,
    /// `[log]`: what goes to standard error.
    pub log: LogConfig,
    /// `[plugin]`: the plugin's own commands.
    pub plugin: PluginConfig,
    /// `[[reveal]]`: items that are sold by pay to reveal.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reveal: Vec<RevealConfig>,
    /// `[[paywall]]`: what a proxy lets in only those to who have paid.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paywall: Vec<PaywallConfig>,
}

impl Config {
    /// Reads defaults, `file` (if any) and those of `environment` that begin with `FACTURE_`: the section and the key,
    /// two underscores between them, such as `FACTURE_SERVER__LISTEN`. `FACTURE_API_TOKEN` is `api.token`.
    ///
    /// # Errors
    /// [`ConfigError`] for a file that cannot be read, an unknown key or a bad value.
    pub fn load(
        file: Option<&Path>,
        mut environment: HashMap<String, String>,
    ) -> Result<Self, ConfigError> {
        if let Some(token) = environment.remove("FACTURE_API_TOKEN") {
            environment.insert("FACTURE_API__TOKEN".to_owned(), token);
        }
        let mut builder = layers::Config::builder();
        if let Some(file) = file {
            check_file(file)?;
            builder = builder.add_source(layers::File::from(file).format(layers::FileFormat::Toml));
        }
        let variables = layers::Environment::with_prefix("FACTURE")
            .prefix_separator("_")
            .separator("__")
            .source(Some(environment));
        let config: Self = builder.add_source(variables).build()?.try_deserialize()?;
        config.node.check_consistency()?;
        config.invoice.check_consistency(config.node.kind)?;
        config.hold.check_consistency()?;
        config.pricing.check_consistency()?;
        config.notices.check_consistency()?;
        config.datev.check_consistency()?;
        config.check_desk()?;
        reveal::check_consistency(&config.reveal)?;
        paywall::check_consistency(&config.paywall)?;
        Ok(config)
    }

    /// Refuses a desk whose passwords would cross a network in the clear. Flags may change the address after the rest was
    /// read.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn check_desk(&self) -> Result<(), ConfigError> {
        self.desk.check_consistency(&self.server)
    }

    /// The effective configuration as TOML, in the form that [`Config::load`] reads.
    ///
    /// # Errors
    /// None of our types make TOML's writer fail; the error is passed on all the same.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(self)
    }
}

/// The keys whose values are secrets.
pub(super) const SECRETS: &[(&str, &str)] = &[("api", "token"), ("node", "rune"), ("store", "url")];

/// Refuses what is no TOML, without showing the line, which may hold a secret; and a secret that others can read.
pub(super) fn check_file(file: &Path) -> Result<(), ConfigError> {
    let text = fs::read_to_string(file).map_err(|source| ConfigError::Unreadable {
        file: file.to_owned(),
        source,
    })?;
    let written: toml::Table = toml::from_str(&text).map_err(|error| ConfigError::Syntax {
        file: file.to_owned(),
        line: text[..error.span().map_or(0, |span| span.start)]
            .matches('\n')
            .count()
            + 1,
        message: error::without_value(error.message()),
    })?;
    let secret = SECRETS.iter().find(|(section, key)| {
        let value = written.get(*section).and_then(|section| section.get(key));
        value.is_some_and(|value| value.as_str() != Some(""))
    });
    let Some((section, key)) = secret else {
        return Ok(());
    };
    // One that was read a moment ago and cannot be looked at now may be gone: it exposes nothing.
    let exposed = file.metadata().is_ok_and(|file| {
        // What is not our own is ours to read by its group, or by a list that shows as its group's rights.
        let own = file.uid() == rustix::process::geteuid().as_raw();
        file.mode() & if own { 0o077 } else { 0o007 } != 0
    });
    match exposed {
        true => Err(ConfigError::Exposed {
            file: file.to_owned(),
            key: format!("{section}.{key}"),
        }),
        false => Ok(()),
    }
}
