//! Which shop something belongs to, where several shops share one facture.

use std::{fmt, str::FromStr};

/// The name of a shop, in paths and in the records: 1 to 64 letters, digits, `-` and `_`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ShopId(String);

/// The text cannot name a shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be 1 to {} letters (a-z, A-Z), digits, hyphens and underscores",
    ShopId::MAX_BYTES
)]
pub struct ShopIdError;

impl ShopId {
    /// The most bytes it may have.
    pub const MAX_BYTES: usize = 64;

    /// The shop of a key that names none.
    pub const DEFAULT: &str = "default";

    /// The shop of a sandbox's sample sales. No key can name it.
    const SAMPLE: &str = "(sample)";

    /// The shop of a sandbox's sample sales, which no key can name.
    pub fn sample() -> Self {
        Self(Self::SAMPLE.to_owned())
    }

    /// From the store.
    ///
    /// # Errors
    /// [`ShopIdError`].
    pub fn stored(text: &str) -> Result<Self, ShopIdError> {
        match text {
            Self::SAMPLE => Ok(Self::sample()),
            text => text.parse(),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// [`ShopId::DEFAULT`]
impl Default for ShopId {
    fn default() -> Self {
        Self(Self::DEFAULT.to_owned())
    }
}

impl FromStr for ShopId {
    type Err = ShopIdError;

    fn from_str(text: &str) -> Result<Self, ShopIdError> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if (1..=Self::MAX_BYTES).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ShopIdError)
        }
    }
}

impl fmt::Display for ShopId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_has_a_plain_name() {
        for text in [
            "tea",
            "Tea-shop_2",
            &"x".repeat(64),
            ShopId::default().as_str(),
        ] {
            assert_eq!(text.parse::<ShopId>().unwrap().to_string(), text);
        }
        for text in ["", "a b", "a/b", "é", "a.b", "a\n", &"x".repeat(65)] {
            assert_eq!(text.parse::<ShopId>(), Err(ShopIdError), "{text:?}");
        }
    }
}
