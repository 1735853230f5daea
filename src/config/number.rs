//! Whole numbers with limits. A fraction or a truth value is refused, never rounded.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

use super::error::refusal;
use facture_domain::Msat;

/// A whole number from `MIN` to `MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Bounded<const MIN: u32, const MAX: u32>(u32);

/// An amount from one satoshi to [`Msat::PAYABLE`], written in satoshis.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Sat(u64);

impl<const MIN: u32, const MAX: u32> Bounded<MIN, MAX> {
    /// A default of ours.
    pub(super) const fn new(value: u32) -> Self {
        assert!(MIN <= value && value <= MAX);
        Self(value)
    }

    /// The number.
    pub fn value(self) -> u32 {
        self.0
    }

    /// The number, for counting things in memory.
    pub fn size(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl Sat {
    const MAX: u64 = 1_000_000_000_000_000;

    pub(super) const fn new(sat: u64) -> Self {
        assert!(0 < sat && sat <= Self::MAX);
        Self(sat)
    }

    /// The amount.
    pub fn amount(self) -> Msat {
        Msat::from_sat(self.0).unwrap_or(Msat::MAX)
    }

    /// The same, or nothing for a 0.
    pub(super) fn or_zero<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Self>, D::Error> {
        let number = deserializer.deserialize_any(WholeNumber)?;
        match number.as_str() {
            "0" => Ok(None),
            number => Self::parse(number).map(Some).map_err(de::Error::custom),
        }
    }

    fn parse(number: &str) -> Result<Self, String> {
        let refused = |reason: &dyn fmt::Display| refusal(number, reason);
        let amount = Msat::parse_sat(number).map_err(|error| refused(&error))?;
        match amount.whole_sat() {
            Some(sat) if (1..=Self::MAX).contains(&sat) => Ok(Self(sat)),
            _ => Err(refused(&format_args!(
                "must be from 1 to {} satoshis",
                Self::MAX
            ))),
        }
    }
}

impl<'de, const MIN: u32, const MAX: u32> Deserialize<'de> for Bounded<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = deserializer.deserialize_any(WholeNumber)?;
        match number.parse() {
            Ok(value) if (MIN..=MAX).contains(&value) => Ok(Self(value)),
            _ => Err(de::Error::custom(refusal(
                &number,
                format_args!("must be a whole number from {MIN} to {MAX}"),
            ))),
        }
    }
}

impl<'de> Deserialize<'de> for Sat {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = deserializer.deserialize_any(WholeNumber)?;
        Self::parse(&number).map_err(de::Error::custom)
    }
}

/// Takes numbers as files have them and as texts, as the environment has them; keeps the digits.
struct WholeNumber;

impl de::Visitor<'_> for WholeNumber {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }
}
