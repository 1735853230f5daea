//! `[hold]`: payments that are held until the shop decides.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{number::Bounded, text::parsed};
use crate::config::error::ConfigError;
use facture_domain::{Decision, HoldDeadline, NewHold, PaymentHash};

/// `[hold]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct HoldConfig {
    /// What becomes of a held payment at its deadline: `cancel` or `settle`.
    #[serde(serialize_with = "decision_text", deserialize_with = "decision")]
    pub on_deadline: Decision,
    /// So many blocks before it expires a held payment is decided at the latest. lightningd gives its channel up 17 blocks
    /// before that on mainnet, LND sends the payment back 18 blocks before.
    pub deadline_blocks: Bounded<19, 1000>,
    /// So many blocks before the deadline the shop is warned.
    pub warning_blocks: Bounded<0, 1000>,
    /// For how many blocks the payer has to lock the payment up, at least. LND takes 24 or more.
    pub cltv_blocks: Bounded<24, 2016>,
    /// With so many held payments no more hold invoices are made; 0: no limit. A channel takes 30 payments at once on
    /// mainnet (lightningd's `max-concurrent-htlcs`).
    pub max_open: Bounded<0, 1_000_000>,
}

impl HoldConfig {
    /// When held payments are decided at the latest.
    pub fn deadline(&self) -> HoldDeadline {
        HoldDeadline {
            blocks: self.deadline_blocks.value(),
            on_deadline: self.on_deadline,
        }
    }

    /// A new hold invoice, for the shop's own payment hash if it has one.
    pub fn new_hold(&self, payment_hash: Option<PaymentHash>) -> NewHold {
        NewHold {
            payment_hash,
            cltv_blocks: self.cltv_blocks.value(),
            deadline: self.deadline(),
        }
    }

    pub(super) fn check_consistency(&self) -> Result<(), ConfigError> {
        if self.cltv_blocks.value() <= self.deadline_blocks.value() {
            return Err(ConfigError::Inconsistent(
                "hold.cltv_blocks must be greater than hold.deadline_blocks".to_owned(),
            ));
        }
        Ok(())
    }
}

/// About a day in which the shop can decide: 144 blocks and the 24 before the payment expires.
impl Default for HoldConfig {
    fn default() -> Self {
        Self {
            on_deadline: Decision::Cancel,
            deadline_blocks: Bounded::new(24),
            warning_blocks: Bounded::new(12),
            cltv_blocks: Bounded::new(168),
            max_open: Bounded::new(25),
        }
    }
}

fn decision<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decision, D::Error> {
    parsed(deserializer, |text| {
        Decision::parse(text).ok_or("must be \"cancel\" or \"settle\"")
    })
}

fn decision_text<S: Serializer>(decision: &Decision, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(decision.as_str())
}
