//! PINs that may be set.

/// How many digits a PIN has.
const DIGITS: std::ops::RangeInclusive<usize> = 4..=8;

/// A PIN that may be set. Never shown in `Debug`.
pub struct NewPin(String);

/// A text that is no PIN, or one that everybody tries first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeakPin;

impl NewPin {
    /// Takes 4 to 8 digits that are neither all the same nor one after the other, up or down.
    ///
    /// # Errors
    /// [`WeakPin`].
    pub fn parse(text: &str) -> Result<Self, WeakPin> {
        let text = text.trim();
        let digits = text.as_bytes();
        let is_plain = digits.iter().all(u8::is_ascii_digit) && DIGITS.contains(&digits.len());
        let has_step = |step: i16| {
            let pairs = digits.windows(2);
            pairs
                .into_iter()
                .all(|pair| i16::from(pair[1]) - i16::from(pair[0]) == step)
        };
        match is_plain && ![-1, 0, 1].into_iter().any(has_step) {
            true => Ok(Self(text.to_owned())),
            false => Err(WeakPin),
        }
    }

    /// The digits, to be hashed.
    pub(super) fn into_digits(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_are_digits_that_nobody_tries_first() {
        for good in ["2580", " 0007 ", "90210", "12345679", "1235"] {
            assert!(NewPin::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "258",
            "258025802",
            "0000",
            "77777777",
            "1234",
            "87654321",
            "25a0",
            "١٢٣٥",
            "25 80",
            "-258",
        ] {
            assert!(NewPin::parse(bad).is_err(), "{bad}");
        }
    }
}
