//! Exchange rates, and what amounts are by them: exact decimals and whole numbers, no floats.

use std::fmt;

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::{amount::Msat, currency::Currency, price::Price};

/// What one bitcoin costs in a currency: a positive decimal of at most [`RatePrice::MAX_DECIMALS`] decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RatePrice(Decimal);

/// What one bitcoin costs, in which currency, who says so, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The currency.
    pub currency: Currency,
    /// What one bitcoin costs in it.
    pub price: RatePrice,
    /// The sources whose median it is, in a comma-separated list, such as `kraken,node:coinbase`. What a node's plugin says
    /// (`node:`) may be up to an hour old: the plugin does not tell.
    pub source: String,
    /// When the oldest of the sources was asked, or as of when it says that its price is.
    pub at: Timestamp,
}

/// What a price in another currency is in bitcoin, and by which rate. It is fixed before the node is asked for an invoice, so
/// that the same request gets the same amount when it comes again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixedPrice {
    /// The amount of the invoice.
    pub amount: Msat,
    /// The rate.
    pub rate: Rate,
}

/// Not a price of a bitcoin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a positive decimal number that can be the price of a bitcoin")]
pub struct RatePriceError;

const MSAT_PER_BTC: u128 = 100_000_000_000;

impl RatePrice {
    /// Finer decimals are rounded: they are less than a millionth of the price of any currency.
    pub const MAX_DECIMALS: u32 = 8;

    /// The greatest price: more than what a bitcoin costs in any currency, little enough to compute with.
    const MAX: u64 = 10_000_000_000_000;

    /// Takes the price of a bitcoin.
    ///
    /// # Errors
    /// [`RatePriceError`].
    pub fn new(price: Decimal) -> Result<Self, RatePriceError> {
        let rounded = price.round_dp(Self::MAX_DECIMALS).normalize();
        let sane = rounded > Decimal::ZERO && rounded <= Decimal::from(Self::MAX);
        sane.then_some(Self(rounded)).ok_or(RatePriceError)
    }

    /// Reads a number as JSON has it, with or without an exponent.
    ///
    /// # Errors
    /// [`RatePriceError`].
    pub fn parse(text: &str) -> Result<Self, RatePriceError> {
        let plain =
            |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-');
        if text.len() > 64 || !text.bytes().all(plain) {
            return Err(RatePriceError);
        }
        let read = if text.contains(['e', 'E']) {
            Decimal::from_scientific(text)
        } else {
            text.parse()
        };
        Self::new(read.map_err(|_| RatePriceError)?)
    }

    /// The price of a bitcoin of which so many units are so many millisatoshis.
    ///
    /// # Errors
    /// [`RatePriceError`].
    pub fn of_exchange(units: u64, msat: u64) -> Result<Self, RatePriceError> {
        let value = Decimal::from(units).checked_mul(Decimal::from(100_000_000_000_u64));
        let price = value.and_then(|value| value.checked_div(Decimal::from(msat)));
        Self::new(price.ok_or(RatePriceError)?)
    }

    /// The one in the middle, or what is between the two in the middle; `None` of nothing.
    pub fn median(prices: &[Self]) -> Option<Self> {
        let mut prices = prices.to_vec();
        prices.sort_unstable();
        let upper = *prices.get(prices.len() / 2)?;
        if prices.len() % 2 == 1 {
            return Some(upper);
        }
        let lower = *prices.get(prices.len() / 2 - 1)?;
        let sum = lower.0.checked_add(upper.0)?;
        Self::new(sum / Decimal::TWO).ok()
    }

    /// How far it is from another, in hundredths of a percent of the lower one, rounded up.
    pub fn apart(self, other: Self) -> u64 {
        let (low, high) = (self.0.min(other.0), self.0.max(other.0));
        let share = (high - low).checked_mul(Decimal::from(10_000));
        let share = share.and_then(|share| share.checked_div(low));
        share
            .and_then(|share| u64::try_from(share.ceil()).ok())
            .unwrap_or(u64::MAX)
    }

    /// What a number of units is, rounded up to the next millisatoshi, and at least one; `None` above [`Msat::MAX`].
    pub fn msat_of(self, units: Decimal) -> Option<Msat> {
        let units = units.normalize();
        let count = u128::try_from(units.mantissa()).ok()?;
        let above = count
            .checked_mul(MSAT_PER_BTC)?
            .checked_mul(10_u128.checked_pow(self.0.scale())?)?;
        let below = u128::try_from(self.0.mantissa())
            .ok()?
            .checked_mul(10_u128.checked_pow(units.scale())?)?;
        let msat = above.div_ceil(below).max(1);
        u64::try_from(msat).ok().and_then(Msat::from_msat)
    }

    /// What an amount is worth, rounded to this many decimals, halves up; `None` when there are too many digits.
    pub fn value_of(self, amount: Msat, decimals: u32) -> Option<Decimal> {
        let above = u128::from(amount.msat())
            .checked_mul(u128::try_from(self.0.mantissa()).ok()?)?
            .checked_mul(10_u128.checked_pow(decimals)?)?;
        let below = MSAT_PER_BTC.checked_mul(10_u128.checked_pow(self.0.scale())?)?;
        let units = above.checked_add(below / 2)? / below;
        Decimal::try_from_i128_with_scale(i128::try_from(units).ok()?, decimals).ok()
    }
}

impl Rate {
    /// What a price is now, rounded up to the next millisatoshi; `None` when it is in another currency, or above
    /// [`Msat::MAX`].
    pub fn msat_of(&self, price: &Price) -> Option<Msat> {
        let same = Currency::parse(price.currency()) == Ok(self.currency);
        same.then(|| self.price.msat_of(price.amount())).flatten()
    }

    /// What an amount is worth, in whole parts of the currency such as cents, halves up.
    pub fn value_of(&self, amount: Msat) -> Option<Decimal> {
        self.price.value_of(amount, self.currency.decimals())
    }
}

/// `88050.25`
impl fmt::Display for RatePrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rate(text: &str) -> RatePrice {
        RatePrice::parse(text).unwrap()
    }

    fn units(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn prices_of_a_bitcoin_are_positive_decimals() {
        for (text, shown) in [
            ("95100.0", "95100"),
            ("88050.25", "88050.25"),
            ("1.2e5", "120000"),
            ("0.123456789", "0.12345679"),
            ("64123.400000001", "64123.4"),
        ] {
            assert_eq!(rate(text).to_string(), shown);
        }
        let long = "9".repeat(65);
        for text in [
            "",
            "0",
            "0.000000001",
            "-1",
            "NaN",
            "inf",
            "1_000",
            "1,5",
            "1e99",
            "99999999999999",
            "<html>",
            &long,
        ] {
            assert_eq!(RatePrice::parse(text), Err(RatePriceError), "{text:?}");
        }
    }

    #[test]
    fn amounts_are_exact_and_rounded_up() {
        for (price, amount, msat) in [
            ("95100", "1", Some(1_051_525)),
            ("95100", "1.5", Some(1_577_288)),
            ("95100", "95100", Some(100_000_000_000)),
            ("95100", "0.0951", Some(100_000)),
            ("95100", "0.09510001", Some(100_001)),
            ("95100", "0.000000951", Some(1)),
            ("95100", "0.000000952", Some(2)),
            ("95100", "0.0000000000000001", Some(1)),
            ("95100", "2000000", Some(2_103_049_421_662)),
            ("88050.25", "88050.25", Some(100_000_000_000)),
            ("95100", "9007199254740992", None),
        ] {
            let found = rate(price).msat_of(units(amount)).map(Msat::msat);
            assert_eq!(found, msat, "{amount} at {price}");
        }
    }

    #[test]
    fn what_was_received_is_worth_whole_cents() {
        let msat = |msat| Msat::from_msat(msat).unwrap();
        for (price, amount, decimals, value) in [
            ("95100", 1_051_525, 2, "1.00"),
            ("95100", 1, 2, "0.00"),
            ("95100", 5_258, 2, "0.01"),
            ("14890000", 100_000_000, 0, "14890"),
            ("95100", 100_000_000_000, 2, "95100.00"),
        ] {
            let found = rate(price).value_of(msat(amount), decimals).unwrap();
            assert_eq!(found.to_string(), value, "{amount} at {price}");
        }
    }

    #[test]
    fn a_median_is_in_the_middle() {
        let median = |texts: &[&str]| {
            let prices: Vec<_> = texts.iter().map(|text| rate(text)).collect();
            RatePrice::median(&prices).map(|price| price.to_string())
        };
        assert_eq!(median(&[]), None);
        assert_eq!(median(&["3"]).as_deref(), Some("3"));
        assert_eq!(median(&["95200", "95000"]).as_deref(), Some("95100"));
        assert_eq!(median(&["9", "1", "2"]).as_deref(), Some("2"));
        assert_eq!(rate("100").apart(rate("105")), 500);
        assert_eq!(rate("105.001").apart(rate("100")), 501);
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in any::<String>()) {
            let _ = RatePrice::parse(&text);
        }

        /// Rounded up means: this pays the price, and one millisatoshi less does not.
        #[test]
        fn a_price_is_paid_by_its_amount_and_by_no_less(
            cents in 1_u64..1_000_000_000, rate_cents in 1_u64..1_000_000_000_000,
        ) {
            let (price, rate) = (Decimal::new(cents.try_into().unwrap(), 2), Decimal::new(rate_cents.try_into().unwrap(), 2));
            let msat = RatePrice::new(rate).unwrap().msat_of(price);
            let msat = u128::from(msat.map_or(u64::MAX, Msat::msat));
            if msat < u128::from(u64::MAX) {
                let worth = |msat: u128| msat * u128::from(rate_cents);
                let asked = u128::from(cents) * MSAT_PER_BTC;
                prop_assert!(worth(msat) >= asked);
                prop_assert!(worth(msat - 1) < asked);
            }
        }
    }
}
