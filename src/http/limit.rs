//! How many requests a token may make.

use std::num::NonZeroU32;

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use crate::token::TokenId;

/// Counts the requests of each token. Those of one that is not valid are not counted: there would be no end of them.
pub(super) struct RateLimit(DefaultKeyedRateLimiter<TokenId>);

impl RateLimit {
    /// So many a minute, at once or spread.
    pub(super) fn per_minute(requests: u32) -> Self {
        let requests = NonZeroU32::new(requests).unwrap_or(NonZeroU32::MIN);
        Self(RateLimiter::keyed(Quota::per_minute(requests)))
    }

    /// One more request.
    ///
    /// # Errors
    /// When it is one too many: the seconds after which there may be another.
    pub(super) fn check(&self, token: &TokenId) -> Result<(), u64> {
        self.0.check_key(token).map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            wait.as_secs() + 1
        })
    }
}
