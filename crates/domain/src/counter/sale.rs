//! What a sale at the counter comes to: its lines, taxes and tip, in exact decimals.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};

use super::{item::ItemName, tax_rate::TaxRate};
use crate::{breakdown::Breakdown, payment_link::LinkUnit, price::Price};

/// What is sold at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CounterSale {
    /// What all prices are in.
    pub unit: LinkUnit,
    /// What is sold.
    pub lines: Vec<SaleLine>,
    /// What the buyer gives besides.
    pub tip: Tip,
}

/// So many pieces of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleLine {
    /// What it is; `None`: an amount that was typed.
    pub name: Option<ItemName>,
    /// How many, from 1 to [`CounterSale::MAX_PIECES`].
    pub pieces: u32,
    /// What a piece costs, tax included.
    pub price: Price,
    /// The rate of the tax in it, if the shop says.
    pub tax: Option<TaxRate>,
}

/// A tip.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Tip {
    /// None.
    #[default]
    None,
    /// So many percent of what is sold.
    Percent(u32),
    /// This.
    Amount(Price),
}

/// What a sale comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleTotal {
    /// What the buyer pays, with the tip.
    pub price: Price,
    /// How that is made up: the taxes, if the rate of every line is known, and the tip.
    pub breakdown: Breakdown,
}

/// Why nothing can be sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CounterSaleError {
    /// Nothing is sold.
    #[error("nothing is sold")]
    Empty,
    /// More pieces than can be sold at once, or more digits than can be worked with.
    #[error("that is too much")]
    TooMuch,
}

impl CounterSale {
    /// As many pieces of something can be sold at once.
    pub const MAX_PIECES: u32 = 999;

    /// What it comes to.
    ///
    /// # Errors
    /// [`CounterSaleError`].
    pub fn total(&self) -> Result<SaleTotal, CounterSaleError> {
        if self.lines.is_empty() {
            return Err(CounterSaleError::Empty);
        }
        let mut goods = Decimal::ZERO;
        let mut by_rate = BTreeMap::new();
        for line in &self.lines {
            let gross = line.gross().ok_or(CounterSaleError::TooMuch)?;
            goods = add(goods, gross)?;
            let sum = by_rate.entry(line.tax).or_insert(Decimal::ZERO);
            *sum = add(*sum, gross)?;
        }
        let tip = self.tip_on(goods)?;
        let total = add(goods, tip.unwrap_or_default())?;
        Ok(SaleTotal {
            price: Price::parse(&total.to_string(), self.unit.code())
                .map_err(|_| CounterSaleError::TooMuch)?,
            breakdown: Breakdown {
                tax: self.taxes(by_rate)?,
                tip: tip.map(|tip| self.written(tip)),
                discount: None,
            },
        })
    }

    /// None when the rate of something is not known: then nobody can say what is taxed.
    fn taxes(
        &self,
        by_rate: BTreeMap<Option<TaxRate>, Decimal>,
    ) -> Result<Vec<crate::breakdown::TaxLine>, CounterSaleError> {
        if by_rate.contains_key(&None) {
            return Ok(Vec::new());
        }
        let lines = by_rate.into_iter().filter_map(|(rate, gross)| {
            let line = rate?.line(gross, self.unit.decimals());
            Some(line.ok_or(CounterSaleError::TooMuch))
        });
        let lines = lines.collect::<Result<Vec<_>, _>>()?;
        match lines.len() <= Breakdown::MAX_LINES {
            true => Ok(lines),
            false => Err(CounterSaleError::TooMuch),
        }
    }

    /// A part of a percentage that is less than the smallest coin is rounded; what is rounded to nothing is none.
    fn tip_on(&self, goods: Decimal) -> Result<Option<Decimal>, CounterSaleError> {
        let tip = match &self.tip {
            Tip::None => return Ok(None),
            Tip::Amount(price) => price.amount(),
            Tip::Percent(percent) => {
                let parts = goods.checked_mul(Decimal::from(*percent));
                let tip = parts.and_then(|parts| parts.checked_div(Decimal::ONE_HUNDRED));
                let tip = tip.ok_or(CounterSaleError::TooMuch)?;
                let rounding = RoundingStrategy::MidpointAwayFromZero;
                tip.round_dp_with_strategy(self.unit.decimals(), rounding)
            }
        };
        Ok((tip > Decimal::ZERO).then_some(tip))
    }

    fn written(&self, mut amount: Decimal) -> String {
        amount.rescale(self.unit.decimals());
        amount.to_string()
    }
}

impl SaleLine {
    /// What all pieces cost; `None`: they are too many.
    fn gross(&self) -> Option<Decimal> {
        let fits = (1..=CounterSale::MAX_PIECES).contains(&self.pieces);
        let gross = self.price.amount().checked_mul(Decimal::from(self.pieces));
        gross.filter(|_| fits)
    }
}

fn add(one: Decimal, other: Decimal) -> Result<Decimal, CounterSaleError> {
    one.checked_add(other).ok_or(CounterSaleError::TooMuch)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(pieces: u32, price: &str, currency: &str, tax: &str) -> SaleLine {
        SaleLine {
            name: ItemName::parse("Tea").ok(),
            pieces,
            price: Price::parse(price, currency).unwrap(),
            tax: TaxRate::parse(tax).ok(),
        }
    }

    fn total(lines: &[SaleLine], tip: Tip) -> Result<SaleTotal, CounterSaleError> {
        let currency = lines.first().map_or("EUR", |line| line.price.currency());
        let sale = CounterSale {
            unit: LinkUnit::parse(currency).unwrap(),
            lines: lines.to_vec(),
            tip,
        };
        sale.total()
    }

    #[test]
    fn lines_of_one_rate_are_taxed_together_and_the_tip_is_apart() {
        let lines = [
            line(2, "2.50", "EUR", "7"),
            line(1, "1.25", "EUR", "7"),
            line(1, "11.90", "EUR", "19"),
        ];
        let total = total(&lines, Tip::Percent(10)).unwrap();
        assert_eq!(total.price.to_string(), "19.97 EUR");
        let tax: Vec<_> = total.breakdown.tax.iter().collect();
        let parts = |place: usize| {
            let line: &crate::breakdown::TaxLine = tax[place];
            (line.rate.as_str(), line.net.as_str(), line.tax.as_str())
        };
        assert_eq!(parts(0), ("7", "5.84", "0.41"));
        assert_eq!(parts(1), ("19", "10.00", "1.90"));
        assert_eq!(total.breakdown.tip.as_deref(), Some("1.82"));
        assert_eq!(total.breakdown.check(&total.price), Ok(()));
    }

    #[test]
    fn without_all_rates_no_taxes_are_said() {
        let lines = [line(1, "2.50", "EUR", "7"), line(1, "1", "EUR", "")];
        let total = total(&lines, Tip::Amount(Price::parse("0.50", "EUR").unwrap()));
        let total = total.unwrap();
        assert_eq!(total.price.to_string(), "4 EUR");
        assert_eq!(total.breakdown.tax, []);
        assert_eq!(total.breakdown.tip.as_deref(), Some("0.50"));
    }

    #[test]
    fn satoshis_are_whole() {
        let total = total(&[line(3, "333", "SAT", "19")], Tip::Percent(5)).unwrap();
        assert_eq!(total.price.to_string(), "1049 SAT");
        assert_eq!(total.breakdown.tip.as_deref(), Some("50"));
        assert_eq!(total.breakdown.tax[0].tax, "160");
        assert_eq!(total.breakdown.check(&total.price), Ok(()));
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        assert_eq!(total(&[], Tip::None), Err(CounterSaleError::Empty));
        for (pieces, price) in [(0, "1"), (1000, "1"), (999, "9007199254740992")] {
            let refused = total(&[line(pieces, price, "EUR", "7")], Tip::None);
            assert_eq!(refused, Err(CounterSaleError::TooMuch), "{pieces} {price}");
        }
        let small = total(&[line(1, "0.01", "EUR", "7")], Tip::Percent(10)).unwrap();
        assert_eq!(small.breakdown.tip, None, "less than the smallest coin");
    }

    proptest! {
        #[test]
        fn what_it_is_made_up_of_is_the_price(
            lines in prop::collection::vec((1_u32..20, 1_i64..100_000, 0_u32..30), 1..8),
            percent in 0_u32..30,
        ) {
            let lines: Vec<_> = lines.iter().map(|(pieces, cents, rate)| {
                line(*pieces, &Decimal::new(*cents, 2).to_string(), "EUR", &rate.to_string())
            }).collect();
            let total = total(&lines, Tip::Percent(percent)).unwrap();
            prop_assert_eq!(total.breakdown.check(&total.price), Ok(()));
        }
    }
}
