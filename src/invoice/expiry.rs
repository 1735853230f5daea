//! How long an invoice can be paid.

/// From 1 second to 1 year.
///
/// lightningd aborts on an expiry of 2^60 or more and keeps looping at start with very late ones, so ours are bounded
/// before they are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expiry(u32);

/// The expiry is 0 or longer than a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be from 1 to {} seconds", Expiry::MAX_SECONDS)]
pub struct ExpiryError;

impl Expiry {
    /// One year of 365 days.
    pub const MAX_SECONDS: u32 = 365 * 24 * 3600;

    /// One year.
    pub const MAX: Self = Self(Self::MAX_SECONDS);

    /// From whole seconds.
    ///
    /// # Errors
    /// [`ExpiryError`] for 0 and for more than a year.
    pub fn from_seconds(seconds: u32) -> Result<Self, ExpiryError> {
        (1..=Self::MAX_SECONDS)
            .contains(&seconds)
            .then_some(Self(seconds))
            .ok_or(ExpiryError)
    }

    /// The number of seconds.
    pub fn seconds(self) -> u32 {
        self.0
    }
}
