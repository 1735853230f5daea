//! Money: integer millisatoshi, never a float. Parsing is strict, because a misread amount is a wrong price.

/// An amount of millisatoshi, at most 21 million bitcoin.
///
/// lightningd accepts more than that and then makes BOLT 11 strings that nobody can read, so the bound is ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Msat(u64);

/// What an invoice asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// This much.
    Exact(Msat),
    /// Whatever the payer likes.
    Any,
}

/// To what a price in another currency is rounded up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// The next millisatoshi.
    #[default]
    Msat,
    /// The next satoshi: some wallets pay and show nothing smaller.
    Sat,
}

/// Why a text is not an amount of satoshi.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseSatError {
    /// Something else than the digits 0 to 9.
    #[error("must be a whole number of satoshis, in digits only")]
    NotDigits,
    /// More than 21 million bitcoin.
    #[error("is more than 21 million bitcoin")]
    TooLarge,
}

impl Msat {
    /// 21 million bitcoin.
    pub const MAX: Self = Self(2_100_000_000_000_000_000);

    /// 10 million bitcoin. LDK's reader of BOLT 11, which is ours and many wallets', counts picobitcoin in 64 bits and
    /// cannot read more than 18.4 million.
    pub const PAYABLE: Self = Self(1_000_000_000_000_000_000);

    /// From lightningd's `…_msat` fields. `None` above [`Msat::MAX`].
    pub const fn from_msat(msat: u64) -> Option<Self> {
        match msat <= Self::MAX.0 {
            true => Some(Self(msat)),
            false => None,
        }
    }

    /// From whole satoshis. `None` above [`Msat::MAX`].
    pub fn from_sat(sat: u64) -> Option<Self> {
        sat.checked_mul(1000).and_then(Self::from_msat)
    }

    /// Reads what a person typed as satoshis: ASCII digits. Spaces are allowed around them, and as we write them, between
    /// groups of three.
    ///
    /// # Errors
    /// Signs, fractions, commas and points, exponents, hexadecimal and digits of other scripts are [`ParseSatError::NotDigits`].
    pub fn parse_sat(text: &str) -> Result<Self, ParseSatError> {
        let mut groups = text.trim().split([' ', '\u{a0}', '\u{202f}']);
        let first = groups.next().unwrap_or_default();
        let grouped = text.trim().len() > first.len();
        let mut digits = first.to_owned();
        for group in groups {
            if group.len() != 3 {
                return Err(ParseSatError::NotDigits);
            }
            digits.push_str(group);
        }
        let whole = !first.is_empty() && (first.len() <= 3 || !grouped);
        if !whole || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ParseSatError::NotDigits);
        }
        let sat = digits.parse().map_err(|_| ParseSatError::TooLarge)?;
        Self::from_sat(sat).ok_or(ParseSatError::TooLarge)
    }

    /// The next amount of this precision, itself if it is one; `None` above [`Msat::MAX`].
    pub fn rounded_up(self, precision: Precision) -> Option<Self> {
        match precision {
            Precision::Msat => Some(self),
            Precision::Sat => Self::from_sat(self.0.div_ceil(1000)),
        }
    }

    /// The number of millisatoshi.
    pub fn msat(self) -> u64 {
        self.0
    }

    /// The number of satoshis, if it is a whole one.
    pub fn whole_sat(self) -> Option<u64> {
        self.0.is_multiple_of(1000).then_some(self.0 / 1000)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_rounded_up_to_whole_satoshis_where_they_are_to_be() {
        for (msat, sat) in [(1, 1), (999, 1), (1000, 1), (1001, 2), (1_577_288, 1578)] {
            let amount = Msat::from_msat(msat).unwrap();
            assert_eq!(amount.rounded_up(Precision::Msat), Some(amount));
            assert_eq!(amount.rounded_up(Precision::Sat), Msat::from_sat(sat));
        }
        assert_eq!(Msat::MAX.rounded_up(Precision::Sat), Some(Msat::MAX));
    }

    #[test]
    fn only_plain_digits_are_an_amount() {
        for text in [
            "", " ", "-5", "+5", "1.5", "1,5", "abc", "1e9", "0x10", "１２", "٣", "1 00", "1  000",
            "1000 000", "1 0000", "1,000", "1.000", "1_000", "5sat", "∞",
        ] {
            assert_eq!(
                Msat::parse_sat(text),
                Err(ParseSatError::NotDigits),
                "{text:?}"
            );
        }
        assert_eq!(
            Msat::parse_sat(&"9".repeat(30)),
            Err(ParseSatError::TooLarge)
        );
        assert_eq!(
            Msat::parse_sat("2100000000000001"),
            Err(ParseSatError::TooLarge)
        );
        assert_eq!(Msat::parse_sat("2100000000000000"), Ok(Msat::MAX));
        assert_eq!(Msat::parse_sat(" \t42\n"), Ok(Msat(42_000)));
        assert_eq!(Msat::parse_sat("007"), Ok(Msat(7_000)));
        for grouped in [
            "1 234 567",
            "1\u{a0}234\u{a0}567",
            "1\u{202f}234\u{202f}567",
        ] {
            assert_eq!(Msat::parse_sat(grouped), Ok(Msat(1_234_567_000)));
        }
        assert_eq!(Msat::parse_sat("0"), Ok(Msat(0)));
    }

    proptest! {
        #[test]
        fn every_amount_survives_typing(sat in 0..=2_100_000_000_000_000_u64) {
            let amount = Msat::parse_sat(&format!(" {sat} ")).unwrap();
            prop_assert_eq!(amount.whole_sat(), Some(sat));
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC*") {
            let _ = Msat::parse_sat(&text);
        }
    }
}
