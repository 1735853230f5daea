//! Options of the parts, as configured.

use jiff::SignedDuration;

use crate::{
    config::{Config, PaywallConfig, PaywallScheme},
    counter::CounterRules,
    paywall::{Resource, Scheme},
    pricing,
    web::Mode,
    webhooks,
};
use facture_domain::{Description, LinkUnit};
use facture_runtime::{
    fetch::FetchOptions,
    guard::{AllowedAddresses, Proxy},
};

/// The rules of the counter.
pub(super) fn counter_rules(config: &Config) -> CounterRules {
    let unit = config.counter.currency;
    CounterRules {
        unit,
        tax: config.counter.tax_percent.0,
        tips: config.counter.tips_percent.clone(),
        title: Description::parse(config.site.name.as_str()).unwrap_or_default(),
        expiry: match unit {
            LinkUnit::Sat => config.invoice.expiry(),
            LinkUnit::Currency(_) => config.pricing.expiry(),
        },
    }
}

/// What is behind the paywall, as configured.
pub(super) fn resource(config: &PaywallConfig) -> Resource {
    let scheme = |scheme: &PaywallScheme| match scheme {
        PaywallScheme::L402 => Scheme::L402,
        PaywallScheme::Payment => Scheme::Payment,
    };
    Resource {
        name: config.resource.clone(),
        title: config.title.clone(),
        price: config.price_sat.amount(),
        valid_for: SignedDuration::from_secs(config.valid_for_seconds.value().into()),
        schemes: config.schemes.iter().map(scheme).collect(),
    }
}

/// How deliveries are sent, as configured.
pub(super) fn webhook_options(config: &Config, mode: &Mode) -> webhooks::Options {
    webhooks::Options {
        allowed: match (config.webhooks.allow_private, mode) {
            (true, _) => AllowedAddresses::Any,
            (false, Mode::Sandbox(_)) => AllowedAddresses::PublicAndLoopback,
            (false, Mode::Live) => AllowedAddresses::Public,
        },
        deadline: config.webhooks.deadline(),
        onion_proxy: config.webhooks.onion_proxy.get(),
        waiting_per_token: config.webhooks.waiting_per_token.value(),
    }
}

/// How exchange rates are come by, as configured.
pub(super) fn pricing_options(config: &Config, mode: &Mode) -> pricing::Options {
    let config = &config.pricing;
    pricing::Options {
        sources: config.sources.clone(),
        minimum_sources: config.minimum_sources.size(),
        max_age: config.max_age(),
        max_spread_percent: config.max_spread_percent.value(),
        round_up_to: config.round_up_to,
        fetch: FetchOptions {
            allowed: match (config.allow_private, mode) {
                (true, _) => AllowedAddresses::Any,
                (false, Mode::Sandbox(_)) => AllowedAddresses::PublicAndLoopback,
                (false, Mode::Live) => AllowedAddresses::Public,
            },
            proxy: config.proxy.get().map_or(Proxy::Off, Proxy::All),
            deadline: config.deadline(),
        },
    }
}
