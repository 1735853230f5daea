//! Refunds that are asked for in the currency of the sale's price.

use crate::{amount::Msat, price::Price};

/// At which rate a refund in another currency becomes bitcoin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundRate {
    /// At the rate of the sale: its amount in bitcoin for its price.
    Sale,
    /// At the rate of the moment when the refund is asked for.
    Today,
}

/// A refund in the currency of the sale's price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrencyRefund {
    /// How much.
    pub price: Price,
    /// At which rate.
    pub rate: RefundRate,
}

/// What the price of a sale is worth: both sides of a rate, without a rounded number in between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleRate {
    /// The sale's price.
    pub price: Price,
    /// What that is in bitcoin, at the sale's rate or at another.
    pub worth: Msat,
}

impl SaleRate {
    /// What so much of the sale's currency is at this rate, rounded up to the next millisatoshi; `None` when it is too much to
    /// count.
    pub fn convert(&self, price: &Price) -> Option<Msat> {
        let (numerator, denominator) = price.ratio(&self.price)?;
        let msat = u128::from(self.worth.msat()).checked_mul(numerator)?;
        let msat = msat.div_ceil(denominator);
        u64::try_from(msat).ok().and_then(Msat::from_msat)
    }

    /// The value of what was received for the sale, at this rate, rounded up: as much more or less than the price as was
    /// received more or less than `asked`. `None` when it is too much to count.
    pub fn worth_of(&self, received: Msat, asked: Msat) -> Option<Msat> {
        let msat = u128::from(self.worth.msat()) * u128::from(received.msat());
        let msat = msat.div_ceil(u128::from(asked.msat()).max(1));
        u64::try_from(msat).ok().and_then(Msat::from_msat)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn msat(msat: u64) -> Msat {
        Msat::from_msat(msat).unwrap()
    }

    fn eur(amount: &str) -> Price {
        Price::parse(amount, "EUR").unwrap()
    }

    #[test]
    fn a_part_of_the_price_is_that_part_of_its_worth_rounded_up() {
        let rate = SaleRate {
            price: eur("9.90"),
            worth: msat(11_250_000),
        };
        for (part, worth) in [
            ("9.9", 11_250_000),
            ("4.95", 5_625_000),
            ("0.01", 11_364),
            ("3.3", 3_750_000),
            ("19.8", 22_500_000),
        ] {
            assert_eq!(rate.convert(&eur(part)), Some(msat(worth)), "{part}");
        }
        let too_much = eur("9007199254740992");
        assert_eq!(rate.convert(&too_much), None);
        let received = rate.worth_of(msat(12_000_000), msat(6_000_000));
        assert_eq!(received, Some(msat(22_500_000)));
    }

    proptest! {
        #[test]
        fn parts_of_a_price_are_together_no_less_than_it(cents in 2_u64..100_000, part in 1_u64..100_000, worth in 1_u64..10_u64.pow(15)) {
            let part = part % (cents - 1) + 1;
            let price = |cents: u64| eur(&format!("{}.{:02}", cents / 100, cents % 100));
            let rate = SaleRate { price: price(cents), worth: msat(worth) };
            let of = |part| rate.convert(&price(part)).unwrap().msat();
            let sum = of(part) + of(cents - part);
            prop_assert!(sum == worth || sum == worth + 1);
            prop_assert_eq!(of(cents), worth);
        }
    }
}
