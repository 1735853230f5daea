//! What sales were worth when they were paid, added up; and the search for an amount in a currency.

use rust_decimal::Decimal;

use crate::currency::Currency;

/// What sales were worth when they were paid, in the currencies of their prices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Worth {
    /// In each currency, in the order of their codes.
    pub sums: Vec<WorthSum>,
    /// How many sales there are besides, whose worth is not known.
    pub unknown: u64,
}

/// What sales were worth in a currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorthSum {
    /// The currency.
    pub currency: Currency,
    /// How many sales.
    pub count: u64,
    /// Their sum.
    pub sum: Decimal,
}

/// About an amount in a currency: one percent less to one percent more, in the smallest coin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorthRange {
    /// The currency.
    pub currency: Currency,
    /// At least this.
    pub from: i64,
    /// At most this.
    pub to: i64,
}

/// What people write in place of a code.
const SIGNS: [(&str, &str); 3] = [("€", "EUR"), ("$", "USD"), ("£", "GBP")];

impl WorthSum {
    /// Of a sum in the smallest coin; `None`: it has too many digits.
    pub fn of_coins(currency: Currency, count: u64, coins: i128) -> Option<Self> {
        let sum = Decimal::try_from_i128_with_scale(coins, currency.decimals()).ok()?;
        Some(Self {
            currency,
            count,
            sum,
        })
    }
}

impl WorthRange {
    /// Reads an amount with its currency: `12.50 EUR`, `eur 12,50`, `€12.50`. `None`: it is none.
    pub(super) fn about(typed: &str) -> Option<Self> {
        let (number, currency) = with_sign(typed).or_else(|| with_code(typed))?;
        let decimals = currency.decimals();
        let number = number.trim().replace(',', ".");
        let (whole, parts) = number.split_once('.').unwrap_or((&number, ""));
        let is_number = !whole.is_empty()
            && whole
                .bytes()
                .chain(parts.bytes())
                .all(|byte| byte.is_ascii_digit());
        let places = usize::try_from(decimals).ok()?;
        if !is_number || parts.len() > places {
            return None;
        }
        let coins: i64 = format!("{whole}{parts:0<places$}").parse().ok()?;
        let percent = coins / 100 + i64::from(coins % 100 != 0);
        Some(Self {
            currency,
            from: coins - percent,
            to: coins.saturating_add(percent),
        })
    }

    /// A number of the smallest coin as an amount.
    pub fn amount(&self, coins: i64) -> Decimal {
        Decimal::new(coins, self.currency.decimals())
    }
}

fn with_sign(typed: &str) -> Option<(&str, Currency)> {
    SIGNS.into_iter().find_map(|(sign, code)| {
        let number = typed
            .strip_prefix(sign)
            .or_else(|| typed.strip_suffix(sign))?;
        Some((number, Currency::parse(code).ok()?))
    })
}

fn with_code(typed: &str) -> Option<(&str, Currency)> {
    let first = typed
        .split_at_checked(3)
        .map(|(code, number)| (number, code));
    let last = typed
        .len()
        .checked_sub(3)
        .and_then(|at| typed.split_at_checked(at));
    [first, last]
        .into_iter()
        .flatten()
        .find_map(|(number, code)| {
            let currency = Currency::parse(code).ok()?;
            Some((number, currency))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_has_a_currency_before_or_after_it() {
        let euros = |from, to| WorthRange {
            currency: Currency::parse("EUR").unwrap(),
            from,
            to,
        };
        for typed in ["12.50 EUR", "12,5eur", "EUR 12.50", "€12.50", "12,50 €"] {
            assert_eq!(WorthRange::about(typed), Some(euros(1237, 1263)), "{typed}");
        }
        assert_eq!(WorthRange::about("0.01 EUR"), Some(euros(0, 2)));
        let yen = WorthRange::about("1000 JPY").unwrap();
        assert_eq!((yen.from, yen.to), (990, 1010));
        assert_eq!(yen.amount(990).to_string(), "990");
        assert_eq!(euros(0, 0).amount(1237).to_string(), "12.37");
        for typed in [
            "12.50",
            "EUR",
            "12.505 EUR",
            "1.5 JPY",
            "-1 EUR",
            "1 EUR EUR",
            "tea",
            "12 XYZ",
            "€",
            "日本語",
            "1e3 EUR",
            "99999999999999999999 EUR",
        ] {
            assert_eq!(WorthRange::about(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_sum_has_the_decimals_of_its_currency() {
        let sum = |code: &str, coins| {
            let currency = Currency::parse(code).unwrap();
            WorthSum::of_coins(currency, 2, coins).map(|sum| sum.sum.to_string())
        };
        assert_eq!(sum("EUR", 1200).as_deref(), Some("12.00"));
        assert_eq!(sum("JPY", 1200).as_deref(), Some("1200"));
        assert_eq!(sum("EUR", i128::MAX), None);
    }
}
