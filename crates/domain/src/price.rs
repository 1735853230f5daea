//! Prices in other units than satoshi: exact decimals, as they were written.

use std::fmt;

use rust_decimal::Decimal;

use crate::amount::Msat;

/// A positive amount of some currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    amount: Decimal,
    currency: String,
}

/// Why two texts are no price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParsePriceError {
    /// The amount is not a decimal number above zero.
    #[error("must be a decimal number above zero, such as 12.50")]
    Amount,
    /// More digits than can be worked with exactly.
    #[error("has too many digits")]
    Digits,
    /// The currency cannot be one.
    #[error("must be the code of a currency, such as USD")]
    Currency,
}

/// Beyond that, programs that read numbers as floats see another number.
const MAX_COUNT: u64 = 1 << 53;

/// Powers of ten up to this one fit into 64 bits.
const MAX_DECIMALS: u32 = 18;

/// What needs no rate: the names of bitcoin's units, and how many millisatoshi each has.
const BITCOIN: [(&str, u128); 3] = [("BTC", 100_000_000_000), ("SAT", 1000), ("SATS", 1000)];

impl Price {
    /// Reads the two texts. The amount may have an exponent, as JSON numbers may.
    ///
    /// # Errors
    /// [`ParsePriceError`].
    pub fn parse(amount: &str, currency: &str) -> Result<Self, ParsePriceError> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric();
        if !(2..=10).contains(&currency.len()) || !currency.bytes().all(plain) {
            return Err(ParsePriceError::Currency);
        }
        // Its parser takes more than numbers: underscores, a plus, a point at the end.
        let numeric = |byte: u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'-' | b'+');
        let ends_with_digits = amount.starts_with(|first: char| first.is_ascii_digit())
            && amount.ends_with(|last: char| last.is_ascii_digit());
        if !amount.bytes().all(numeric) || !ends_with_digits {
            return Err(ParsePriceError::Amount);
        }
        let read = if amount.contains(['e', 'E']) {
            Decimal::from_scientific(amount)
        } else {
            Decimal::from_str_exact(amount)
        };
        let amount = read.map_err(|error| match error {
            rust_decimal::Error::ErrorString(_) => ParsePriceError::Amount,
            _ => ParsePriceError::Digits,
        })?;
        if amount <= Decimal::ZERO {
            return Err(ParsePriceError::Amount);
        }
        let price = Self {
            amount: amount.normalize(),
            currency: currency.to_owned(),
        };
        match price.count() {
            Some(_) if price.amount.scale() <= MAX_DECIMALS => Ok(price),
            _ => Err(ParsePriceError::Digits),
        }
    }

    /// An amount in satoshis, with its millisatoshis as decimals; `None` when that has too many digits, or is nothing.
    pub fn of_msat(amount: Msat) -> Option<Self> {
        let sat = Decimal::try_from_i128_with_scale(amount.msat().into(), 3).ok()?;
        Self::parse(&sat.to_string(), "SAT").ok()
    }

    /// The amount.
    pub fn amount(&self) -> Decimal {
        self.amount
    }

    /// The currency as it was written.
    pub fn currency(&self) -> &str {
        &self.currency
    }

    /// Whether this names a unit of bitcoin: `BTC`, `SAT` or `SATS`.
    pub fn is_bitcoin(currency: &str) -> bool {
        BITCOIN.iter().any(|(name, _)| *name == currency)
    }

    /// A price in bitcoin or satoshi, rounded up to the next millisatoshi; `None` above [`Msat::MAX`].
    ///
    /// # Errors
    /// The price itself when it is in another currency.
    pub fn in_bitcoin(&self) -> Result<Option<Msat>, &Self> {
        let unit = BITCOIN.iter().find(|(name, _)| *name == self.currency);
        let (_, msat_per_unit) = unit.ok_or(self)?;
        let per_unit = 10_u128.pow(self.amount.scale());
        let count = u128::from(self.count().unwrap_or_default());
        let msat = (count * msat_per_unit).div_ceil(per_unit);
        Ok(u64::try_from(msat).ok().and_then(Msat::from_msat))
    }

    /// So many times this price; `None` when that has too many digits, or is nothing.
    pub fn times(&self, count: u32) -> Option<Self> {
        let amount = self.amount.checked_mul(Decimal::from(count))?;
        Self::parse(&amount.to_string(), &self.currency).ok()
    }

    /// How many times another price this one is, as a fraction; `None` when that is too much to count, or it is in another
    /// currency.
    pub fn ratio(&self, other: &Self) -> Option<(u128, u128)> {
        if !self.currency.eq_ignore_ascii_case(&other.currency) {
            return None;
        }
        let (own, others) = (self.amount.scale(), other.amount.scale());
        let scaled = |price: &Self, by: u32| {
            let count = u128::from(price.count()?);
            count.checked_mul(10_u128.checked_pow(by)?)
        };
        Some((
            scaled(self, others.saturating_sub(own))?,
            scaled(other, own.saturating_sub(others))?,
        ))
    }

    /// The digits without the point.
    fn count(&self) -> Option<u64> {
        u64::try_from(self.amount.mantissa())
            .ok()
            .filter(|count| *count <= MAX_COUNT)
    }
}

/// `12.5 USD`
impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn price(amount: &str) -> Result<Price, ParsePriceError> {
        Price::parse(amount, "USD")
    }

    #[test]
    fn amounts_are_plain_decimals_or_json_numbers() {
        for (text, shown) in [
            ("1", "1 USD"),
            ("12.50", "12.5 USD"),
            ("0.000001", "0.000001 USD"),
            ("1e3", "1000 USD"),
            ("2.5E-3", "0.0025 USD"),
            ("1e-16", "0.0000000000000001 USD"),
            ("9007199254740992", "9007199254740992 USD"),
        ] {
            assert_eq!(
                price(text).map(|price| price.to_string()),
                Ok(shown.to_owned())
            );
        }
        for text in [
            "", "0", "0.00", "-1", "+1", "1,5", "1_000", ".5", "5.", "1e", "e5", "0x10", "NaN",
            "Infinity", "1 ", "١", "1.2.3", "--1", "1-2",
        ] {
            assert_eq!(price(text), Err(ParsePriceError::Amount), "{text:?}");
        }
        for text in [
            "9007199254740993",
            "0.1234567890123456789",
            "1e-19",
            "1e99",
            &"9".repeat(400),
        ] {
            assert!(price(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn currencies_are_codes() {
        for currency in ["USD", "usd", "BTC", "XAU"] {
            assert_eq!(Price::parse("1", currency).unwrap().currency(), currency);
        }
        for currency in ["", "€", "U", "US D", "\"USD", "ELEVENCHARS"] {
            let refused = Price::parse("1", currency);
            assert_eq!(refused, Err(ParsePriceError::Currency), "{currency:?}");
        }
    }

    #[test]
    fn bitcoin_is_rounded_up_to_the_next_msat() {
        for (amount, msat) in [
            ("1", Some(100_000_000_000)),
            ("0.00000001", Some(1000)),
            ("0.00000000001", Some(1)),
            ("1e-16", Some(1)),
            ("0.000000000011", Some(2)),
            ("21000000", Some(Msat::MAX.msat())),
            ("21000000.1", None),
        ] {
            let found = Price::parse(amount, "BTC").unwrap();
            assert_eq!(
                found.in_bitcoin(),
                Ok(msat.and_then(Msat::from_msat)),
                "{amount}"
            );
        }
        for (amount, currency, msat) in [
            ("1", "SAT", Some(1000)),
            ("21", "SATS", Some(21_000)),
            ("0.001", "SATS", Some(1)),
            ("1.0001", "SAT", Some(1001)),
            ("2100000000000000", "SATS", Some(Msat::MAX.msat())),
            ("2100000000000001", "SATS", None),
        ] {
            let found = Price::parse(amount, currency).unwrap();
            let expected = Ok(msat.and_then(Msat::from_msat));
            assert_eq!(found.in_bitcoin(), expected, "{amount} {currency}");
        }
        for msat in [1, 1000, 2_500, 21_000_000] {
            let amount = Msat::from_msat(msat).unwrap();
            let price = Price::of_msat(amount).unwrap();
            assert_eq!(price.in_bitcoin(), Ok(Some(amount)), "{price}");
        }
        // Lower case is what the node is asked for, as Lightning Charge asked its source.
        assert!(Price::parse("1", "btc").unwrap().in_bitcoin().is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(amount in any::<String>(), currency in any::<String>()) {
            let _ = Price::parse(&amount, &currency);
        }
    }
}
