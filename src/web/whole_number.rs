//! Whole numbers in JSON, exactly as they were written. To JSON Schema `1000`, `1000.0` and `1e3` are the same integer.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, de::Error};
use serde_json::value::RawValue;

/// A non-negative whole number; beyond 64 bits it is [`u64::MAX`], which exceeds every limit here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WholeNumber(pub(crate) u64);

/// It is not a number, is negative, or has a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number")]
pub(crate) struct WholeNumberError;

/// A JSON number (RFC 8259 §6).
impl FromStr for WholeNumber {
    type Err = WholeNumberError;

    fn from_str(json: &str) -> Result<Self, WholeNumberError> {
        let (mantissa, exponent) = json.split_once(['e', 'E']).unwrap_or((json, "0"));
        let (is_negative, magnitude) = match mantissa.strip_prefix('-') {
            Some(magnitude) => (true, magnitude),
            None => (false, mantissa),
        };
        let (whole, fraction) = magnitude.split_once('.').unwrap_or((magnitude, ""));
        let digits = format!("{whole}{fraction}");
        if whole.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(WholeNumberError);
        }
        // The significant digits, and how many of them precede the decimal point.
        let leading = digits.len() - digits.trim_start_matches('0').len();
        let counted = digits[leading..].trim_end_matches('0');
        if counted.is_empty() {
            return Ok(Self(0));
        }
        let length = |text: &str| i64::try_from(text.len()).map_err(|_| WholeNumberError);
        let places = length(whole)? - length(&digits[..leading])?;
        let before = places.saturating_add(exponent_of(exponent)?);
        if is_negative || before < length(counted)? {
            return Err(WholeNumberError);
        }
        let zeros = usize::try_from(before - length(counted)?).unwrap_or(usize::MAX);
        let number = match zeros {
            // More than 64 bits can hold.
            20.. => None,
            zeros => format!("{counted}{}", "0".repeat(zeros)).parse().ok(),
        };
        Ok(Self(number.unwrap_or(u64::MAX)))
    }
}

/// An exponent that is too long counts as the largest.
fn exponent_of(text: &str) -> Result<i64, WholeNumberError> {
    let digits = text.trim_start_matches(['+', '-']);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(WholeNumberError);
    }
    let size = digits.parse().unwrap_or(i64::MAX);
    Ok(if text.starts_with('-') { -size } else { size })
}

impl<'de> Deserialize<'de> for WholeNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        json.get().parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(json: &str) -> Result<u64, WholeNumberError> {
        json.parse().map(|WholeNumber(number)| number)
    }

    #[test]
    fn every_way_to_write_a_whole_number_is_read() {
        for (json, number) in [
            ("0", 0),
            ("-0", 0),
            ("-0.0", 0),
            ("0e9", 0),
            ("1000", 1000),
            ("1000.0", 1000),
            ("1000.000", 1000),
            ("1e3", 1000),
            ("1E+3", 1000),
            ("1.5e1", 15),
            ("0.015e3", 15),
            ("1500e-2", 15),
            ("10.50e1", 105),
            ("0.1e1", 1),
            ("9007199254740993.0", 9_007_199_254_740_993),
            ("18446744073709551615", u64::MAX),
            ("18446744073709551616", u64::MAX),
            ("1e400", u64::MAX),
            ("1e99999999999999999999", u64::MAX),
        ] {
            assert_eq!(read(json), Ok(number), "{json}");
        }
    }

    #[test]
    fn nothing_else_is() {
        for json in [
            "-1",
            "-1e3",
            "1.5",
            "0.5",
            "1e-1",
            "15e-2",
            "1e-99999999999999999999",
            "1.0000000000000000000000000000000001",
            "9007199254740992.5",
            "",
            "null",
            "true",
            "\"1\"",
            "[1]",
            "1e",
            ".5",
        ] {
            assert_eq!(read(json), Err(WholeNumberError), "{json}");
        }
    }

    proptest! {
        #[test]
        fn a_number_is_the_same_however_it_is_written(number: u64, zeros in 0_usize..30, places in 0_usize..30) {
            let plain = number.to_string();
            prop_assert_eq!(read(&plain), Ok(number));
            prop_assert_eq!(read(&format!("{plain}.{}", "0".repeat(zeros + 1))), Ok(number));
            let padded = format!("{}{plain}", "0".repeat(places));
            let (before, after) = padded.split_at(padded.len() - places.min(plain.len()));
            let before = if before.is_empty() { "0" } else { before };
            let exponent = after.len();
            if !after.is_empty() {
                prop_assert_eq!(read(&format!("{before}.{after}e{exponent}")), Ok(number));
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in "[-+0-9.eE]{0,40}|\\PC{0,40}") {
            let _ = read(&text);
        }
    }
}
