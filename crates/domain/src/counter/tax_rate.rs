//! Tax rates, and how much of a price with tax is the tax.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::breakdown::TaxLine;

/// A tax rate in percent, from 0 to 100, with at most [`TaxRate::MAX_DECIMALS`] decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TaxRate(Decimal);

/// A text that is no tax rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a number of percent from 0 to 100, such as 19 or 5.5")]
pub struct TaxRateError;

impl TaxRate {
    /// No tax is finer.
    pub const MAX_DECIMALS: u32 = 4;

    /// Reads plain digits, such as `19` or `5.5`.
    ///
    /// # Errors
    /// [`TaxRateError`].
    pub fn parse(text: &str) -> Result<Self, TaxRateError> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(fraction) {
            return Err(TaxRateError);
        }
        let rate = Decimal::from_str_exact(text).map_err(|_| TaxRateError)?;
        let rate = rate.normalize();
        match rate <= Decimal::ONE_HUNDRED && rate.scale() <= Self::MAX_DECIMALS {
            true => Ok(Self(rate)),
            false => Err(TaxRateError),
        }
    }

    /// The net amount and the tax of an amount that includes it, with so many decimals. Half of the last one is rounded up.
    /// `None`: it has too many digits.
    pub(super) fn line(self, gross: Decimal, decimals: u32) -> Option<TaxLine> {
        let parts = gross.checked_mul(self.0)?;
        let tax = parts.checked_div(Decimal::ONE_HUNDRED.checked_add(self.0)?)?;
        let mut tax = tax.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
        let mut net = gross.checked_sub(tax)?;
        tax.rescale(decimals);
        net.rescale(decimals);
        Some(TaxLine {
            rate: self.to_string(),
            net: net.to_string(),
            tax: tax.to_string(),
        })
    }
}

/// `5.5`
impl fmt::Display for TaxRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(rate: &str, gross: &str, decimals: u32) -> (String, String) {
        let gross = gross.parse().unwrap();
        let line = TaxRate::parse(rate).unwrap().line(gross, decimals).unwrap();
        (line.net, line.tax)
    }

    #[test]
    fn the_tax_is_a_part_of_the_price() {
        for (rate, gross, decimals, net, tax) in [
            ("19", "11.90", 2, "10.00", "1.90"),
            ("7", "2.50", 2, "2.34", "0.16"),
            ("5.5", "1.00", 2, "0.95", "0.05"),
            ("0", "3", 2, "3.00", "0.00"),
            ("10", "550", 0, "500", "50"),
            ("100", "0.01", 2, "0.00", "0.01"),
        ] {
            let expected = (net.to_owned(), tax.to_owned());
            assert_eq!(line(rate, gross, decimals), expected, "{rate} {gross}");
        }
    }

    #[test]
    fn rates_are_percent() {
        for (text, shown) in [("19", "19"), ("7.0", "7"), ("5.5", "5.5"), ("100", "100")] {
            assert_eq!(TaxRate::parse(text).unwrap().to_string(), shown);
        }
        for text in ["", "-1", "100.1", "1e1", "1,5", "5.", ".5", "0.00001", "x"] {
            assert_eq!(TaxRate::parse(text), Err(TaxRateError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn net_and_tax_are_together_the_price(rate in 0_u32..=100, cents in 1_i64..1_000_000_000) {
            let gross = Decimal::new(cents, 2);
            let line = TaxRate::parse(&rate.to_string()).unwrap().line(gross, 2).unwrap();
            let sum = line.net.parse::<Decimal>().unwrap() + line.tax.parse::<Decimal>().unwrap();
            prop_assert_eq!(sum, gross);
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in any::<String>()) {
            let _ = TaxRate::parse(&text);
        }
    }
}
