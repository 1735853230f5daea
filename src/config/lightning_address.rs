//! `[lightning_address]`: names that wallets can pay to, `name@host`.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{
    description,
    error::refusal,
    form::FormConfig,
    number::Bounded,
    text::{list, parsed},
};
use facture_domain::{Description, PayerField, payment_string::LightningAddress};

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
    /// What a wallet may tell about the payer (LUD-18), each once.
    #[serde(with = "payer_fields")]
    pub payer_data: Vec<PayerField>,
    /// What a wallet shows once it has paid.
    pub success_message: SuccessMessage,
    /// Whether a wallet that has paid is given the address of the receipt.
    pub success_receipt: bool,
}

/// What a wallet shows once it has paid (LUD-09): a line, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SuccessMessage(String);

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
            payer_data: Vec::new(),
            success_message: SuccessMessage::default(),
            success_receipt: false,
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

impl SuccessMessage {
    /// The most characters: wallets refuse to pay with more.
    pub const MAX_CHARACTERS: usize = 144;

    /// The text; `None` when there is none.
    pub fn get(&self) -> Option<&str> {
        (!self.0.is_empty()).then_some(&*self.0)
    }
}

impl<'de> Deserialize<'de> for SuccessMessage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, |text| {
            let text = text.trim();
            let fits = text.chars().count() <= Self::MAX_CHARACTERS;
            match fits && !text.chars().any(char::is_control) {
                true => Ok(Self(text.to_owned())),
                false => Err("must be a single line of at most 144 characters"),
            }
        })
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

mod payer_fields {
    use serde::{Deserializer, Serializer, de};

    use super::{PayerField, list, refusal};

    pub(super) fn serialize<S: Serializer>(
        fields: &[PayerField],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(fields.iter().map(|field| field.as_str()))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<PayerField>, D::Error> {
        let mut fields = Vec::new();
        for name in list(deserializer)? {
            let field = PayerField::parse(&name).filter(|field| !fields.contains(field));
            let error = "must be name or email, each once";
            fields.push(field.ok_or_else(|| de::Error::custom(refusal(&name, error)))?);
        }
        Ok(fields)
    }
}

fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<AddressName>, D::Error> {
    let read = |name: String| {
        let parsed = name.parse::<AddressName>();
        parsed.map_err(|error| de::Error::custom(refusal(&name, error)))
    };
    list(deserializer)?.into_iter().map(read).collect()
}
