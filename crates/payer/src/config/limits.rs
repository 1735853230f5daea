//! `[limits]`: what may be spent.

use std::collections::BTreeMap;

use facture_domain::{Msat, payout::DestinationKind};
use facture_sidecar::ConfigError;
use serde::{Deserialize, Deserializer, de::Error as _};

use super::value;

/// `[limits]`. Sums count what the destinations receive and the fees.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitsConfig {
    /// What one destination may receive, in satoshis.
    #[serde(rename = "per_payout_sat", deserialize_with = "value::sat")]
    pub per_payout: Msat,
    /// What may be spent in any 60 minutes, in satoshis.
    #[serde(rename = "per_hour_sat", deserialize_with = "value::sat")]
    pub per_hour: Msat,
    /// What may be spent in any 24 hours, in satoshis.
    #[serde(rename = "per_day_sat", deserialize_with = "value::sat")]
    pub per_day: Msat,
    /// What may be spent in any 24 hours for each one who asks, in satoshis.
    #[serde(
        rename = "per_asker_per_day_sat",
        default,
        deserialize_with = "value::some_sat"
    )]
    pub per_asker_per_day: Option<Msat>,
    /// `[limits.askers]`: the same for those who are named here, in satoshis.
    #[serde(default)]
    pub askers: BTreeMap<String, Sat>,
    /// The most that a fee may be: millionths of the amount.
    #[serde(default = "fee_ppm")]
    pub fee_ppm: u32,
    /// What a fee may be in any case, in satoshis: small amounts need it.
    #[serde(
        rename = "fee_free_sat",
        default = "fee_free",
        deserialize_with = "value::sat"
    )]
    pub fee_free: Msat,
    /// The kinds of destinations that are paid.
    #[serde(default = "kinds", deserialize_with = "some_kinds")]
    pub kinds: Vec<DestinationKind>,
    /// Above this amount the owner of this payer has to approve, in satoshis.
    #[serde(
        rename = "approval_above_sat",
        default,
        deserialize_with = "value::some_sat"
    )]
    pub approval_above: Option<Msat>,
}

/// An amount in whole satoshis.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(transparent)]
pub struct Sat(#[serde(deserialize_with = "value::sat")] pub Msat);

/// One percent.
fn fee_ppm() -> u32 {
    10_000
}

/// lightningd's own default.
fn fee_free() -> Msat {
    Msat::from_sat(5).unwrap_or(Msat::MAX)
}

fn kinds() -> Vec<DestinationKind> {
    DestinationKind::ALL.to_vec()
}

fn some_kinds<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<DestinationKind>, D::Error> {
    let words = Vec::<String>::deserialize(deserializer)?;
    let kinds = words.iter().map(|word| {
        DestinationKind::parse(word).ok_or_else(|| {
            let known = DestinationKind::ALL.map(DestinationKind::as_str).join(", ");
            D::Error::custom(format!("must be some of {known}"))
        })
    });
    kinds.collect()
}

impl LimitsConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.kinds.is_empty() {
            return Err(ConfigError::wrong(
                "limits.kinds",
                "must name a kind of destination",
            ));
        }
        if self.fee_ppm > 1_000_000 {
            return Err(ConfigError::wrong(
                "limits.fee_ppm",
                "must be at most 1000000, which is the amount itself",
            ));
        }
        Ok(())
    }
}
