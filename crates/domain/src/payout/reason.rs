//! Why somebody is paid, in the words of whoever ordered it.

/// A reason: a line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(String);

/// It is empty, too long or has control characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be 1 to {} bytes, without line breaks and other control characters",
    Reason::MAX_BYTES
)]
pub struct ReasonError;

impl Reason {
    /// The most bytes it may have.
    pub const MAX_BYTES: usize = 500;

    /// Checks a reason.
    ///
    /// # Errors
    /// [`ReasonError`].
    pub fn parse(text: String) -> Result<Self, ReasonError> {
        let fits = (1..=Self::MAX_BYTES).contains(&text.len());
        if fits && !text.chars().any(char::is_control) {
            Ok(Self(text))
        } else {
            Err(ReasonError)
        }
    }

    /// From the store: it was checked when it was written.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
