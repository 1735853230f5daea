//! What a paywall calls the things behind it.

use std::fmt;

/// The name of something behind a paywall. Its characters need no escaping in addresses, headers and caveats.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResourceName(String);

/// A name with other characters, or too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 64 of the characters a-z, 0-9, _ and -")]
pub struct ResourceNameError;

impl ResourceName {
    /// Reads one.
    ///
    /// # Errors
    /// [`ResourceNameError`].
    pub fn parse(text: &str) -> Result<Self, ResourceNameError> {
        let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
        match (1..=64).contains(&text.len()) && text.bytes().all(plain) {
            true => Ok(Self(text.to_owned())),
            false => Err(ResourceNameError),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ResourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
