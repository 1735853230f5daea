//! `[invoice]`: limits of new invoices, and defaults for empty fields.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{
    description,
    number::{Bounded, Sat},
    text::{list, parsed},
};
use crate::config::{error::ConfigError, node::NodeKind};
use facture_domain::{Description, Expiry, LabelPrefix, PrivateChannels, RenewalWindow};

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
    /// How long after their expiry invoices that visitors made by the form, and that nobody paid, are forgotten, in
    /// seconds; 0 never.
    pub forget_after_seconds: Bounded<0, { u32::MAX }>,
    /// The prefix of our invoices' labels. Changing it hides the older ones.
    #[serde(serialize_with = "prefix_text", deserialize_with = "prefix")]
    pub label_prefix: LabelPrefix,
    /// How to treat invoices on the node that have our prefix but were not made with our label key.
    pub adopt_labels: AdoptLabels,
    /// Which private channels a new invoice may name.
    #[serde(serialize_with = "channels_list", deserialize_with = "channels")]
    pub expose_private_channels: PrivateChannels,
}

/// How to treat invoices on the node that have our prefix but were not made with our label key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AdoptLabels {
    /// Those from before there was the key are ours, unless records and key are new and another facture on this machine
    /// follows the node.
    #[default]
    Auto,
    /// None is ours but those in the records.
    Own,
    /// All are ours.
    Prefix,
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
        age(self.prune_expired_after_seconds)
    }

    /// The age at which invoices of the form that nobody paid are forgotten; `None` never.
    pub fn forget_after(&self) -> Option<Duration> {
        age(self.forget_after_seconds)
    }

    pub(super) fn check_consistency(&self, node: NodeKind) -> Result<(), ConfigError> {
        if node == NodeKind::Lnd {
            self.check_lnd()?;
        }
        if self.minimum_sat > self.default_sat || self.default_sat > self.maximum_sat {
            return Err(ConfigError::Inconsistent(
                "invoice.minimum_sat, invoice.default_sat and invoice.maximum_sat must be in ascending order".to_owned(),
            ));
        }
        Ok(())
    }

    /// What LND lacks is refused.
    fn check_lnd(&self) -> Result<(), ConfigError> {
        let wrong = |text: &str| Err(ConfigError::Inconsistent(text.to_owned()));
        if self.prune_after().is_some() {
            return wrong(
                "invoice.prune_expired_after_seconds requires node.kind = \"cln\": LND deletes expired invoices by itself \
                 (gc-canceled-invoices-on-the-fly)",
            );
        }
        if matches!(self.expose_private_channels, PrivateChannels::These(_)) {
            return wrong(
                "invoice.expose_private_channels lists channels, which requires node.kind = \"cln\": use \"always\" or \
                 \"never\"",
            );
        }
        if self.adopt_labels == AdoptLabels::Prefix {
            return wrong(
                "invoice.adopt_labels = \"prefix\" requires node.kind = \"cln\": LND has no labels, and invoices are \
                 recognized by label.key",
            );
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
            forget_after_seconds: Bounded::new(7 * 24 * 60 * 60),
            label_prefix: LabelPrefix::default(),
            adopt_labels: AdoptLabels::default(),
            expose_private_channels: PrivateChannels::default(),
        }
    }
}

impl<'de> Deserialize<'de> for AdoptLabels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, |text| match text {
            "auto" => Ok(Self::Auto),
            "own" => Ok(Self::Own),
            "prefix" => Ok(Self::Prefix),
            _ => Err("must be \"auto\", \"own\" or \"prefix\""),
        })
    }
}

fn age(seconds: Bounded<0, { u32::MAX }>) -> Option<Duration> {
    match seconds.value() {
        0 => None,
        seconds => Some(Duration::from_secs(seconds.into())),
    }
}

fn prefix<'de, D: Deserializer<'de>>(deserializer: D) -> Result<LabelPrefix, D::Error> {
    parsed(deserializer, LabelPrefix::parse)
}

fn prefix_text<S: Serializer>(prefix: &LabelPrefix, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(prefix.as_str())
}

fn channels<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PrivateChannels, D::Error> {
    PrivateChannels::parse(&list(deserializer)?).map_err(de::Error::custom)
}

/// One alone as a text, several as a list.
fn channels_list<S: Serializer>(
    channels: &PrivateChannels,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match channels.texts().as_slice() {
        [one] => serializer.serialize_str(one),
        several => several.serialize(serializer),
    }
}
