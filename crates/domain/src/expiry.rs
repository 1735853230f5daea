//! How long an invoice can be paid.

/// A duration of 1 second to 1 year.
///
/// Far longer ones are not safe for the node, so the bound is checked before anything is sent to it.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_the_longest() {
        assert_eq!(Expiry::from_seconds(31_536_000), Ok(Expiry::MAX));
        assert_eq!(Expiry::from_seconds(1).map(Expiry::seconds), Ok(1));
        for seconds in [0, 31_536_001] {
            assert_eq!(Expiry::from_seconds(seconds), Err(ExpiryError));
        }
    }
}
