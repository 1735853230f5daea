//! `[form]`: the form on the front page, for everybody.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::number::Sat;

/// `[form]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct FormConfig {
    /// Whether visitors may make invoices.
    pub enabled: bool,
    /// The one amount that it asks for, or 0.
    pub fixed_sat: FormAmount,
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
