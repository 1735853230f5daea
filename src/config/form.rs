//! `[form]`: the form on the front page, for everybody.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{error::refusal, number::Sat, text::list};
use facture_domain::Currency;

/// `[form]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct FormConfig {
    /// Whether visitors may make invoices.
    pub enabled: bool,
    /// The one amount that it asks for, or 0.
    pub fixed_sat: FormAmount,
    /// The currencies that visitors can choose beside satoshis, when they choose the amount: the first is chosen at the start.
    #[serde(serialize_with = "codes", deserialize_with = "currencies")]
    pub currencies: Vec<Currency>,
}

/// What visitors may ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum FormAmount {
    /// What they like, within the limits of `[invoice]`.
    #[default]
    Chosen,
    /// This.
    Fixed(Sat),
}

impl Default for FormConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            fixed_sat: FormAmount::default(),
            currencies: Vec::new(),
        }
    }
}

impl Serialize for FormAmount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Chosen => serializer.serialize_u64(0),
            Self::Fixed(sat) => sat.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for FormAmount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Sat::or_zero(deserializer).map(|sat| sat.map_or(Self::Chosen, Self::Fixed))
    }
}

fn currencies<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Currency>, D::Error> {
    let mut currencies = Vec::new();
    for text in list(deserializer)? {
        let refused = |reason: &str| de::Error::custom(refusal(&text, reason));
        let currency = Currency::parse(&text).map_err(|error| refused(&error.to_string()))?;
        if currencies.contains(&currency) {
            return Err(refused("is there twice"));
        }
        currencies.push(currency);
    }
    Ok(currencies)
}

fn codes<S: Serializer>(currencies: &[Currency], serializer: S) -> Result<S::Ok, S::Error> {
    let codes: Vec<_> = currencies.iter().map(|currency| currency.code()).collect();
    codes.serialize(serializer)
}
