//! How the price of a sale is made up: taxes, a tip, a discount. The shop says so; nothing is computed here, only checked.

use rust_decimal::Decimal;

use crate::{currency::Currency, price::Price};

/// How the price of a sale is made up, in the currency of the price. Written once and never computed again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breakdown {
    /// What is taxed, by rate; none: the shop did not say.
    pub tax: Vec<TaxLine>,
    /// The part of the price that is a tip, in decimal digits.
    pub tip: Option<String>,
    /// What was taken off before, in decimal digits: the price is what remained.
    pub discount: Option<String>,
}

/// What is taxed at one rate, in decimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxLine {
    /// The rate in percent, such as `19` or `5.5`.
    pub rate: String,
    /// Without the tax.
    pub net: String,
    /// The tax.
    pub tax: String,
}

/// Why a price is not made up like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BreakdownError {
    /// A tax line is none.
    #[error(
        "must be a rate in percent from 0 to 100, a net amount and a tax in each line, as decimal digits in strings with at \
         most as many decimals as the currency has"
    )]
    Tax,
    /// There are too many lines, or two with the same rate.
    #[error(
        "must be at most {} lines, each with another rate",
        Breakdown::MAX_LINES
    )]
    Lines,
    /// The lines and the tip are together not the price.
    #[error("must be together, with the tip, the amount")]
    Sum,
    /// The tip is no amount above zero, or more than the price.
    #[error("must be above zero and at most the amount")]
    Tip,
    /// The discount is no amount above zero.
    #[error("must be a decimal number above zero")]
    Discount,
}

impl Breakdown {
    /// As many tax lines as there may be.
    pub const MAX_LINES: usize = 20;

    /// Checks that the price is made up like this: the tax lines, where there are any, and the tip are together the price.
    ///
    /// # Errors
    /// [`BreakdownError`].
    pub fn check(&self, price: &Price) -> Result<(), BreakdownError> {
        let decimals = decimals_of(price);
        let amount = |text: &str| amount(text, decimals);
        let tip = match &self.tip {
            None => Decimal::ZERO,
            Some(tip) => {
                let tip = amount(tip).filter(|tip| *tip > Decimal::ZERO && *tip <= price.amount());
                tip.ok_or(BreakdownError::Tip)?
            }
        };
        if let Some(discount) = &self.discount {
            let discount = amount(discount).filter(|discount| *discount > Decimal::ZERO);
            discount.ok_or(BreakdownError::Discount)?;
        }
        if self.tax.is_empty() {
            return Ok(());
        }
        let mut rates = Vec::new();
        let mut sum = tip;
        for line in &self.tax {
            let rate = self::amount(&line.rate, MAX_RATE_DECIMALS);
            let rate = rate.filter(|rate| *rate <= Decimal::ONE_HUNDRED);
            let (Some(rate), Some(net), Some(tax)) = (rate, amount(&line.net), amount(&line.tax))
            else {
                return Err(BreakdownError::Tax);
            };
            if rates.contains(&rate) || rates.len() == Self::MAX_LINES {
                return Err(BreakdownError::Lines);
            }
            rates.push(rate);
            sum = net
                .checked_add(tax)
                .and_then(|gross| sum.checked_add(gross))
                .ok_or(BreakdownError::Sum)?;
        }
        match sum == price.amount() {
            true => Ok(()),
            false => Err(BreakdownError::Sum),
        }
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// No tax is finer.
const MAX_RATE_DECIMALS: u32 = 4;

/// The longest number, in characters.
const MAX_DIGITS: usize = 20;

/// The finest part of a price's unit: that of the currency, or a millisatoshi.
fn decimals_of(price: &Price) -> u32 {
    match (Currency::parse(price.currency()), price.currency()) {
        (Ok(currency), _) => currency.decimals(),
        (Err(_), "BTC") => 11,
        (Err(_), _) => 3,
    }
}

/// Plain digits, with at most so many decimals; zero, too.
fn amount(text: &str, decimals: u32) -> Option<Decimal> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if text.len() > MAX_DIGITS || !digits(whole) || !digits(fraction) {
        return None;
    }
    let amount = Decimal::from_str_exact(text).ok()?;
    (amount.scale() <= decimals).then_some(amount)
}

#[cfg(test)]
mod tests {
    use std::slice;

    use proptest::prelude::*;

    use super::*;

    fn line(rate: &str, net: &str, tax: &str) -> TaxLine {
        TaxLine {
            rate: rate.to_owned(),
            net: net.to_owned(),
            tax: tax.to_owned(),
        }
    }

    fn check(
        amount: &str,
        currency: &str,
        tax: &[TaxLine],
        tip: Option<&str>,
    ) -> Result<(), BreakdownError> {
        let breakdown = Breakdown {
            tax: tax.to_vec(),
            tip: tip.map(str::to_owned),
            discount: None,
        };
        breakdown.check(&Price::parse(amount, currency).unwrap())
    }

    #[test]
    fn lines_and_tip_are_together_the_price() {
        let two = [line("19", "10.00", "1.90"), line("7", "5.00", "0.35")];
        assert_eq!(check("17.25", "EUR", &two, None), Ok(()));
        assert_eq!(check("18.75", "EUR", &two, Some("1.50")), Ok(()));
        assert_eq!(check("17.26", "EUR", &two, None), Err(BreakdownError::Sum));
        assert_eq!(
            check("17.25", "EUR", &two, Some("0.01")),
            Err(BreakdownError::Sum)
        );
        assert_eq!(check("5", "EUR", &[], Some("5")), Ok(()));
        assert_eq!(check("9", "JPY", &[line("0", "9", "0")], None), Ok(()));
        assert_eq!(check("1.5", "SAT", &[line("0", "1.5", "0")], None), Ok(()));
    }

    #[test]
    fn what_is_no_amount_of_the_currency_is_named() {
        for (bad, error) in [
            (line("101", "1", "0"), BreakdownError::Tax),
            (line("-1", "1", "0"), BreakdownError::Tax),
            (line("19", "0.999", "0.001"), BreakdownError::Tax),
            (line("19", "1e0", "0"), BreakdownError::Tax),
            (line("19", "", "1"), BreakdownError::Tax),
            (line("19", "1.", "0"), BreakdownError::Tax),
            (
                line("19", "99999999999999999999", "99999999999999999999"),
                BreakdownError::Sum,
            ),
        ] {
            assert_eq!(
                check("1", "EUR", slice::from_ref(&bad), None),
                Err(error),
                "{bad:?}"
            );
        }
        let twice = [line("7", "0.50", "0"), line("7.0", "0.50", "0")];
        assert_eq!(check("1", "EUR", &twice, None), Err(BreakdownError::Lines));
        for tip in ["0", "1.01", "-1", "x", ""] {
            assert_eq!(
                check("1", "EUR", &[], Some(tip)),
                Err(BreakdownError::Tip),
                "{tip}"
            );
        }
        for discount in ["0", "0.001", "x"] {
            let breakdown = Breakdown {
                discount: Some(discount.to_owned()),
                ..Breakdown::default()
            };
            let checked = breakdown.check(&Price::parse("1", "EUR").unwrap());
            assert_eq!(checked, Err(BreakdownError::Discount), "{discount}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_check_panic(rate in any::<String>(), net in any::<String>(), tip in any::<String>()) {
            let _ = check("1", "EUR", &[line(&rate, &net, "0")], Some(&tip));
        }
    }
}
