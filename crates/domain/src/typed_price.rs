//! Prices as people type them into a form: with a decimal point or a comma, as their language writes.

use crate::{currency::Currency, price::Price};

/// How a language separates decimals: as in `12.50` or as in `12,50`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalMark {
    /// `1,234.50`
    Point,
    /// `1.234,50`
    Comma,
}

/// What was typed is no amount of this currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TypedPriceError {
    /// It is no number, or can be read as two different ones.
    #[error("is no amount")]
    NotANumber,
    /// It has more decimals than the currency, is zero, or has too many digits.
    #[error("is no amount of this currency")]
    NotAnAmount,
}

impl DecimalMark {
    /// The mark itself, and the one that separates thousands.
    fn marks(self) -> (char, char) {
        match self {
            Self::Point => ('.', ','),
            Self::Comma => (',', '.'),
        }
    }
}

impl Price {
    /// Reads what somebody typed: `12.50`, `12,50`, `1 234.50`, `1,234.50`. Where the language has a comma for decimals, `.`
    /// separates thousands, and the other way round; but one or two digits after a single such mark can only be decimals. What
    /// could be either is refused, never guessed. Arabic-Indic and full-width digits count as digits.
    ///
    /// # Errors
    /// [`TypedPriceError`].
    pub fn typed(
        text: &str,
        currency: Currency,
        mark: DecimalMark,
    ) -> Result<Self, TypedPriceError> {
        let text: String = text
            .trim()
            .chars()
            .map(|typed| plain(typed, mark))
            .collect();
        let decimals = usize::try_from(currency.decimals()).unwrap_or_default();
        let (whole, fraction) = split(&text, decimals, mark)?;
        if fraction.len() > decimals {
            return Err(TypedPriceError::NotAnAmount);
        }
        let amount = match fraction {
            "" => whole,
            fraction => format!("{whole}.{fraction}"),
        };
        Self::parse(&amount, currency.code()).map_err(|_| TypedPriceError::NotAnAmount)
    }
}

/// A digit or a mark of another script as ours.
fn plain(typed: char, mark: DecimalMark) -> char {
    let (decimal, group) = mark.marks();
    let digit = |zero: char| {
        let value = u32::from(typed) - u32::from(zero);
        char::from_digit(value, 10).unwrap_or(typed)
    };
    match typed {
        '٠'..='٩' => digit('٠'),
        '０'..='９' => digit('０'),
        '٫' => decimal,
        '٬' => group,
        '．' => '.',
        '，' => ',',
        other => other,
    }
}

/// The digits before and after the decimal mark.
fn split(
    text: &str,
    decimals: usize,
    mark: DecimalMark,
) -> Result<(String, &str), TypedPriceError> {
    let (decimal, group) = mark.marks();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = match (text.rsplit_once(decimal), text.split_once(group)) {
        (Some((whole, fraction)), _) => (whole, fraction),
        // The other mark, but what follows cannot be a group of thousands.
        (None, Some((whole, rest))) if rest.len() <= 2 => (whole, rest),
        // `1,234` of a currency with three decimals.
        (None, Some((_, rest))) if decimals >= 3 && rest.len() <= decimals => {
            return Err(TypedPriceError::NotANumber);
        }
        (None, _) => return Ok((joined(text, group)?, "")),
    };
    match digits(fraction) {
        true => Ok((joined(whole, group)?, fraction)),
        false => Err(TypedPriceError::NotANumber),
    }
}

/// Digits, perhaps in groups of three.
fn joined(text: &str, group: char) -> Result<String, TypedPriceError> {
    let separators = [group, ' ', '\u{a0}', '\u{202f}', '\'', '’'];
    let groups: Vec<_> = text.split(separators).collect();
    let well_formed = groups.iter().enumerate().all(|(place, part)| {
        let length = match (place, groups.len()) {
            (0, 1) => 1..=usize::MAX,
            (0, _) => 1..=3,
            _ => 3..=3,
        };
        length.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    });
    match well_formed {
        true => Ok(groups.concat()),
        false => Err(TypedPriceError::NotANumber),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn typed(text: &str, code: &str, mark: DecimalMark) -> Result<String, TypedPriceError> {
        let price = Price::typed(text, Currency::parse(code).unwrap(), mark);
        price.map(|price| price.amount().to_string())
    }

    #[test]
    fn decimals_are_as_the_language_writes_them() {
        use DecimalMark::{Comma, Point};
        for (text, code, mark, amount) in [
            ("12.50", "USD", Point, "12.5"),
            ("12,50", "USD", Point, "12.5"),
            ("12,5", "USD", Point, "12.5"),
            ("1,234", "USD", Point, "1234"),
            ("1,234.50", "USD", Point, "1234.5"),
            ("1 234.50", "USD", Point, "1234.5"),
            (" 007 ", "USD", Point, "7"),
            ("12,50", "EUR", Comma, "12.5"),
            ("12.50", "EUR", Comma, "12.5"),
            ("1.234,50", "EUR", Comma, "1234.5"),
            ("1.234", "EUR", Comma, "1234"),
            ("1\u{202f}234,50", "EUR", Comma, "1234.5"),
            ("1’234.50", "CHF", Point, "1234.5"),
            ("1250", "JPY", Point, "1250"),
            ("1,250", "JPY", Point, "1250"),
            ("１２５０", "JPY", Point, "1250"),
            ("١٬٢٣٤٫٥", "EGP", Point, "1234.5"),
            ("1.234", "KWD", Point, "1.234"),
            ("1,234.567", "KWD", Point, "1234.567"),
        ] {
            assert_eq!(typed(text, code, mark).as_deref(), Ok(amount), "{text}");
        }
    }

    #[test]
    fn what_could_be_two_amounts_is_none() {
        use DecimalMark::{Comma, Point};
        use TypedPriceError::{NotANumber, NotAnAmount};
        for (text, code, mark, error) in [
            ("", "USD", Point, NotANumber),
            ("abc", "USD", Point, NotANumber),
            ("-1", "USD", Point, NotANumber),
            ("1e3", "USD", Point, NotANumber),
            ("1.2.3", "USD", Point, NotANumber),
            ("1,23,456", "USD", Point, NotANumber),
            ("12,3456", "USD", Point, NotANumber),
            ("1.", "USD", Point, NotANumber),
            (".5", "USD", Point, NotANumber),
            ("1.234", "USD", Point, NotAnAmount),
            ("1,234", "EUR", Comma, NotAnAmount),
            ("0", "USD", Point, NotAnAmount),
            ("0.00", "USD", Point, NotAnAmount),
            ("9007199254740993", "USD", Point, NotAnAmount),
            ("12.5", "JPY", Point, NotAnAmount),
            ("12,5", "JPY", Point, NotAnAmount),
            ("1,234", "KWD", Point, NotANumber),
            ("1.234", "KWD", Comma, NotANumber),
        ] {
            assert_eq!(typed(text, code, mark), Err(error), "{text} {code}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in any::<String>()) {
            for mark in [DecimalMark::Point, DecimalMark::Comma] {
                let _ = typed(&text, "EUR", mark);
            }
        }

        #[test]
        fn every_amount_survives_typing(cents in 1_u64..1_000_000_000_000) {
            let (whole, part) = (cents / 100, cents % 100);
            let price = Price::parse(&format!("{whole}.{part:02}"), "EUR").unwrap();
            let eur = Currency::parse("EUR").unwrap();
            for (text, mark) in [
                (format!("{whole}.{part:02}"), DecimalMark::Point),
                (format!("{whole},{part:02}"), DecimalMark::Comma),
                (format!("{whole},{part:02}"), DecimalMark::Point),
            ] {
                prop_assert_eq!(Price::typed(&text, eur, mark), Ok(price.clone()));
            }
        }
    }
}
