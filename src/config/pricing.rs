//! `[pricing]`: what prices in other currencies become.

use serde::{Deserialize, Deserializer, Serialize};

use super::text::parsed;
use facture_domain::Precision;

/// `[pricing]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct PricingConfig {
    /// To what a price in another currency is rounded up: `msat` or `sat`. A price in bitcoin or satoshi stays exact.
    #[serde(deserialize_with = "precision")]
    pub round_up_to: Precision,
}

impl PricingConfig {
    /// How long a price in another currency holds if the request sets no expiry, in seconds.
    pub(crate) const HOLDS_SECONDS: u32 = 15 * 60;
}

fn precision<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Precision, D::Error> {
    parsed(deserializer, |text| match text {
        "msat" => Ok(Precision::Msat),
        "sat" => Ok(Precision::Sat),
        _ => Err("must be msat or sat"),
    })
}
