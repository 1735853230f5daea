//! Versions of lnd.

use std::fmt;

/// A version of lnd, such as `0.21.2-beta`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    text: String,
    numbers: (u32, u32),
}

impl Version {
    /// The oldest lnd whose calls are known to be those that are made here.
    pub const MINIMUM: &'static str = "0.18";

    const MINIMUM_NUMBERS: (u32, u32) = (0, 18);

    /// Whether it is not older than [`Version::MINIMUM`].
    pub fn is_supported(&self) -> bool {
        self.numbers >= Self::MINIMUM_NUMBERS
    }

    /// `None` when the text does not begin with two numbers.
    pub(super) fn parse(text: &str) -> Option<Self> {
        // "0.21.2-beta commit=v0.21.2-beta"
        let text = text.split_whitespace().next()?;
        let mut numbers = text.split(['.', '-']).map(str::parse);
        let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else {
            return None;
        };
        Some(Self {
            text: text.to_owned(),
            numbers: (major, minor),
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        for (text, supported) in [
            ("0.21.2-beta commit=v0.21.2-beta", true),
            ("0.18.0-beta", true),
            ("0.100.0-beta", true),
            ("1.0.0", true),
            ("0.17.5-beta", false),
            ("0.9.2", false),
        ] {
            let version = Version::parse(text).unwrap();
            assert_eq!(version.is_supported(), supported, "{text}");
        }
        assert_eq!(
            Version::parse("0.21.2-beta commit=x").unwrap().to_string(),
            "0.21.2-beta"
        );
        assert!(Version::parse("").is_none() && Version::parse("beta").is_none());
    }
}
