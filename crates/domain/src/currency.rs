//! Currencies of ISO 4217 that money is in.

use std::fmt;

use iso_currency::Currency as Iso;

/// A currency of ISO 4217 that money is in, such as `EUR`. Codes for metals, bonds, tests and "none" are no money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Currency(Iso);

/// It is not the code of a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be the code of a currency, such as EUR (ISO 4217)")]
pub struct CurrencyError;

impl Currency {
    /// Reads a code, in upper or lower case.
    ///
    /// # Errors
    /// [`CurrencyError`].
    pub fn parse(code: &str) -> Result<Self, CurrencyError> {
        let iso = Iso::from_code(&code.to_ascii_uppercase()).ok_or(CurrencyError)?;
        match iso.is_special() {
            true => Err(CurrencyError),
            false => Ok(Self(iso)),
        }
    }

    /// The three letters.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimals its amounts have: 2 for `EUR`, 0 for `JPY`.
    pub fn decimals(self) -> u32 {
        self.0.exponent().unwrap_or(2).into()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_told_from_what_nobody_has_a_rate_for() {
        for (code, decimals) in [("USD", 2), ("eur", 2), ("JPY", 0), ("KWD", 3), ("VES", 2)] {
            let currency = Currency::parse(code).unwrap();
            assert_eq!(currency.code(), code.to_ascii_uppercase());
            assert_eq!(currency.decimals(), decimals, "{code}");
        }
        for code in ["XYZ", "XXX", "XTS", "XAU", "EURO", "DOGE", "12", "", "€"] {
            assert_eq!(Currency::parse(code), Err(CurrencyError), "{code}");
        }
    }
}
