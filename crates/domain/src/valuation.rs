//! What a payment was worth in another currency when it arrived.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use crate::{rate::Rate, status::Settlement};

/// What a payment was worth in another currency when it arrived. It is written once and never computed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Valuation {
    /// The rate.
    pub rate: Rate,
    /// What arrived, in whole parts of the currency, such as cents.
    value: Decimal,
    /// When it was filled in later, by a rate that is not of the time of the payment. `None`: it is of that time.
    pub filled_in_at: Option<Timestamp>,
}

/// How long before or after a payment the rate may be of, to be the rate of that time.
const SAME_TIME: SignedDuration = SignedDuration::from_mins(5);

impl Valuation {
    /// How long after a payment a rate is worth more than none.
    pub const MAX_DELAY: SignedDuration = SignedDuration::from_hours(24);

    /// Of what arrived, at a rate that is known now; `None` when it has too many digits.
    pub fn new(settlement: &Settlement, rate: Rate, now: Timestamp) -> Option<Self> {
        let value = rate.value_of(settlement.amount_received)?;
        let apart = rate.at.duration_since(settlement.paid_at).abs();
        Some(Self {
            filled_in_at: (apart > SAME_TIME).then_some(now),
            rate,
            value,
        })
    }

    /// From the store; `None` when the value is no number.
    pub fn stored(rate: Rate, value: &str, filled_in_at: Option<Timestamp>) -> Option<Self> {
        Some(Self {
            rate,
            value: value.parse().ok()?,
            filled_in_at,
        })
    }

    /// The value in decimal digits, with as many decimals as the currency has.
    pub fn value(&self) -> String {
        self.value.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Currency, Msat, RatePrice};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_rate_of_another_time_is_marked() {
        let settlement = Settlement {
            amount_received: Msat::from_msat(11_357_152).unwrap(),
            paid_at: at(10_000),
            pay_index: 1,
        };
        let valued = |second| {
            let rate = Rate {
                currency: Currency::parse("EUR").unwrap(),
                price: RatePrice::parse("88050.25").unwrap(),
                source: "kraken".to_owned(),
                at: at(second),
            };
            Valuation::new(&settlement, rate, at(20_000)).unwrap()
        };
        for (second, filled_in_at) in [
            (9_700, None),
            (10_000, None),
            (10_300, None),
            (10_301, Some(at(20_000))),
            (9_699, Some(at(20_000))),
        ] {
            let valuation = valued(second);
            assert_eq!(valuation.filled_in_at, filled_in_at, "{second}");
            assert_eq!(valuation.value(), "10.00");
            let Valuation { rate, .. } = &valuation;
            let again = Valuation::stored(rate.clone(), "10.00", filled_in_at);
            assert_eq!(again, Some(valuation.clone()));
        }
    }
}
