//! The code that an owner types to approve a payout.

use std::fmt;

/// Six digits, good for half a minute (RFC 6238). Only the payer can check it. It is never in `Debug` or logs.
#[derive(Clone, PartialEq, Eq)]
pub struct ApprovalCode(String);

impl ApprovalCode {
    /// How many digits it has.
    pub const DIGITS: usize = 6;

    /// Reads one, with or without spaces between the digits; `None` for what cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|char| *char != ' ').collect();
        let whole =
            digits.len() == Self::DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
        whole.then_some(Self(digits))
    }

    /// The digits.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApprovalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApprovalCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_are_one() {
        let code = ApprovalCode::parse("012 345").unwrap();
        assert_eq!(code.expose(), "012345");
        assert_eq!(format!("{code:?}"), "ApprovalCode(…)");
        for text in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"] {
            assert_eq!(ApprovalCode::parse(text), None, "{text}");
        }
    }
}
