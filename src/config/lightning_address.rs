//! `[lightning_address]`: names that wallets can pay to, `name@host`.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{description, error::refusal, form::FormConfig, number::Bounded, text::list};
use facture_domain::{Description, payment_string::LightningAddress};

/// `[lightning_address]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct LightningAddressConfig {
    /// What stands before the @.
    #[serde(deserialize_with = "names")]
    pub names: Vec<AddressName>,
    /// Whether there are addresses only as long as visitors can use the form: an address, too, lets everybody make
    /// invoices.
    pub only_with_form: bool,
    /// What a wallet shows before the payment, and what is on the invoice.
    #[serde(with = "description")]
    pub description: Description,
    /// How many characters a payer may write to the shop; 0: none.
    pub comment_characters: Bounded<0, 2000>,
}

/// A name of a Lightning Address (LUD-16), without a tag: small letters, digits, `-`, `_` and `.`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressName(String);

impl Default for LightningAddressConfig {
    fn default() -> Self {
        Self {
            names: vec![AddressName("shop".to_owned())],
            only_with_form: true,
            description: Description::default(),
            comment_characters: Bounded::new(140),
        }
    }
}

impl LightningAddressConfig {
    /// Whether a wallet can pay to `name@host`.
    pub fn has(&self, name: &str, form: &FormConfig) -> bool {
        let is_open = form.enabled || !self.only_with_form;
        is_open && self.names.iter().any(|AddressName(own)| own == name)
    }
}

impl FromStr for AddressName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if LightningAddress::is_user(text) && !text.contains('+') {
            Ok(Self(text.to_owned()))
        } else {
            Err("must be 1 to 64 small letters, digits, -, _ and .")
        }
    }
}

impl Serialize for AddressName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<AddressName>, D::Error> {
    let read = |name: String| {
        let parsed = name.parse::<AddressName>();
        parsed.map_err(|error| de::Error::custom(refusal(&name, error)))
    };
    list(deserializer)?.into_iter().map(read).collect()
}
