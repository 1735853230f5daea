//! A user's id and name.

use std::fmt;

/// An id that never changes: 16 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UserId(String);

/// The name that somebody signs in with: 1 to 40 of a–z, 0–9, `.`, `_`, `-` and `@`. Capitals are taken as small letters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UserName(String);

/// A text that is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 40 letters (a to z), digits, or the characters . _ - @")]
pub struct NameError;

impl UserId {
    /// A new one.
    pub fn random() -> Self {
        let id: u64 = rand::random();
        Self(format!("{id:016x}"))
    }

    /// From the store, or one that somebody names.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl UserName {
    /// The longest name.
    pub const MAX_LENGTH: usize = 40;

    /// Reads a name.
    ///
    /// # Errors
    /// [`NameError`].
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let name = text.trim().to_ascii_lowercase();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-@".contains(&byte);
        match name.bytes().all(plain) && (1..=Self::MAX_LENGTH).contains(&name.len()) {
            true => Ok(Self(name)),
            false => Err(NameError),
        }
    }

    /// From the store.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_in_small_letters() {
        assert_eq!(UserName::parse(" Ada ").unwrap().as_str(), "ada");
        for good in ["a", "ada@shop.example", &"x".repeat(40)] {
            assert!(UserName::parse(good).is_ok(), "{good}");
        }
        for bad in ["", " ", "a b", "ä", "a\nb", "a/b", "<b>", &"x".repeat(41)] {
            assert_eq!(UserName::parse(bad), Err(NameError), "{bad}");
        }
    }
}
