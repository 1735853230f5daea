//! `[pricing]`: what prices in other currencies become.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{
    error::{ConfigError, refusal},
    number::Bounded,
    text::{list, parsed},
    webhooks::OnionProxy,
};
use facture_domain::{Expiry, Precision, Quote, RateSource};

/// `[pricing]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct PricingConfig {
    /// To what a price in another currency is rounded up: `msat` or `sat`. A price in bitcoin or satoshi stays exact.
    #[serde(deserialize_with = "precision")]
    pub round_up_to: Precision,
    /// Who is asked for exchange rates.
    #[serde(serialize_with = "sources_list", deserialize_with = "sources")]
    pub sources: Vec<RateSource>,
    /// How many of them must say a price that can be used.
    pub minimum_sources: Bounded<1, 10>,
    /// How old a price may be, in seconds.
    pub max_age_seconds: Bounded<1, 3600>,
    /// How far the highest price may be above the lowest, in percent.
    pub max_spread_percent: Bounded<1, 100>,
    /// How long the sources may take, in seconds.
    pub deadline_seconds: Bounded<1, 60>,
    /// How long an invoice with a price in another currency can be paid, in seconds.
    pub expiry_seconds: Bounded<1, { Expiry::MAX_SECONDS }>,
    /// The SOCKS5 proxy by which servers are asked, such as Tor's `127.0.0.1:9050`. Empty: there is none.
    pub proxy: OnionProxy,
    /// Whether a source may be on this machine or a private network.
    pub allow_private: bool,
}

impl Default for PricingConfig {
    fn default() -> Self {
        Self {
            round_up_to: Precision::default(),
            sources: vec![RateSource::Node],
            minimum_sources: Bounded::new(2),
            max_age_seconds: Bounded::new(300),
            max_spread_percent: Bounded::new(5),
            deadline_seconds: Bounded::new(10),
            expiry_seconds: Bounded::new(900),
            proxy: OnionProxy::default(),
            allow_private: false,
        }
    }
}

impl PricingConfig {
    /// The greatest age of a price as a span of time.
    pub fn max_age(&self) -> Duration {
        Duration::from_secs(self.max_age_seconds.value().into())
    }

    /// The deadline of the sources as a span of time.
    pub fn deadline(&self) -> Duration {
        Duration::from_secs(self.deadline_seconds.value().into())
    }

    /// How long an invoice with a price in another currency can be paid.
    pub fn expiry(&self) -> Expiry {
        // Bounded has the same limits.
        Expiry::from_seconds(self.expiry_seconds.value()).unwrap_or(Expiry::MAX)
    }

    /// How long an invoice can be paid if the request does not say: as long as its price holds if that is in another
    /// currency, or else `otherwise`.
    pub(crate) fn expiry_of(&self, quote: Option<&Quote>, otherwise: Expiry) -> Expiry {
        match quote.is_some_and(Quote::is_fiat) {
            true => self.expiry(),
            false => otherwise,
        }
    }

    pub(super) fn check_consistency(&self) -> Result<(), ConfigError> {
        let mut names: Vec<_> = self.sources.iter().map(RateSource::name).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(ConfigError::Inconsistent(format!(
                "pricing.sources has {} twice: a server counts as one source",
                pair[0]
            )));
        }
        let has_node = self.sources.contains(&RateSource::Node);
        let minimum = self.minimum_sources.size();
        if !has_node && !self.sources.is_empty() && self.sources.len() < minimum {
            return Err(ConfigError::Inconsistent(format!(
                "pricing.sources has fewer sources than pricing.minimum_sources = {minimum}"
            )));
        }
        Ok(())
    }
}

fn precision<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Precision, D::Error> {
    parsed(deserializer, |text| match text {
        "msat" => Ok(Precision::Msat),
        "sat" => Ok(Precision::Sat),
        _ => Err("must be msat or sat"),
    })
}

fn sources<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<RateSource>, D::Error> {
    let texts = list(deserializer)?.into_iter();
    let parse = |text: String| {
        RateSource::parse(&text).map_err(|error| de::Error::custom(refusal(&text, error)))
    };
    texts.map(parse).collect()
}

fn sources_list<S: Serializer>(sources: &[RateSource], serializer: S) -> Result<S::Ok, S::Error> {
    let texts: Vec<_> = sources.iter().map(RateSource::to_string).collect();
    texts.serialize(serializer)
}
