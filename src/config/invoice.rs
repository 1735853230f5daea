//! `[invoice]`: what may be asked for, and what an empty field means.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    ConfigError,
    number::{Bounded, Sat},
    text::{description, parsed},
};
use crate::invoice::{Description, Expiry, LabelPrefix, RenewalWindow};

/// `[invoice]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct InvoiceConfig {
    /// The amount when the field is left empty, in satoshis.
    pub default_sat: Sat,
    /// The smallest amount, in satoshis.
    pub minimum_sat: Sat,
    /// The largest amount, in satoshis.
    pub maximum_sat: Sat,
    /// The description when the field is left empty.
    #[serde(with = "description")]
    pub default_description: Description,
    /// How long an invoice can be paid, in seconds.
    pub expiry_seconds: Bounded<1, { Expiry::MAX_SECONDS }>,
    /// For how long after its expiry a buyer can have an invoice renewed, in seconds; 0 never.
    pub renewable_for_seconds: Bounded<0, { u32::MAX }>,
    /// How long after their expiry our expired invoices are deleted from the node, in seconds; 0 never. Paid ones never
    /// are.
    pub prune_expired_after_seconds: Bounded<0, { u32::MAX }>,
    /// What the labels of our invoices begin with. Changing it hides the older ones.
    #[serde(serialize_with = "prefix_text", deserialize_with = "prefix")]
    pub label_prefix: LabelPrefix,
}

impl InvoiceConfig {
    /// The expiry of new invoices.
    pub fn expiry(&self) -> Expiry {
        // Bounded has the same limits.
        Expiry::from_seconds(self.expiry_seconds.value()).unwrap_or(Expiry::MAX)
    }

    /// For how long invoices can be renewed.
    pub fn renewable(&self) -> RenewalWindow {
        RenewalWindow::from_seconds(self.renewable_for_seconds.value())
    }

    /// The age at which expired invoices are deleted from the node; `None` never.
    pub fn prune_after(&self) -> Option<Duration> {
        match self.prune_expired_after_seconds.value() {
            0 => None,
            seconds => Some(Duration::from_secs(seconds.into())),
        }
    }

    pub(super) fn check_together(&self) -> Result<(), ConfigError> {
        if self.minimum_sat > self.default_sat || self.default_sat > self.maximum_sat {
            return Err(ConfigError::Together(
                "invoice.minimum_sat, invoice.default_sat and invoice.maximum_sat must be in this order".to_owned(),
            ));
        }
        Ok(())
    }
}

impl Default for InvoiceConfig {
    fn default() -> Self {
        Self {
            default_sat: Sat::new(1000),
            minimum_sat: Sat::new(1),
            maximum_sat: Sat::new(100_000_000),
            default_description: Description::default(),
            expiry_seconds: Bounded::new(3600),
            renewable_for_seconds: Bounded::new(24 * 3600),
            prune_expired_after_seconds: Bounded::new(0),
            label_prefix: LabelPrefix::default(),
        }
    }
}

fn prefix<'de, D: Deserializer<'de>>(deserializer: D) -> Result<LabelPrefix, D::Error> {
    parsed(deserializer, LabelPrefix::parse)
}

fn prefix_text<S: Serializer>(prefix: &LabelPrefix, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(prefix.as_str())
}
