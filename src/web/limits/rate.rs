//! Rate limits per minute, counted for each key.

use std::{
    hash::Hash,
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
};

use governor::{
    DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use crate::web::error::Problem;

/// A limit per minute for each key; bursts are allowed.
pub(crate) struct Rate<K: Hash + Eq + Clone> {
    /// None: no limit.
    limiter: Option<DefaultKeyedRateLimiter<K>>,
    checks: AtomicU32,
}

/// After this many checks, fully recovered keys are forgotten: strangers have an endless supply of addresses.
const SWEEP_AFTER: u32 = 1024;

impl<K: Hash + Eq + Clone> Rate<K> {
    /// 0: no limit.
    pub(crate) fn per_minute(max: u32) -> Self {
        let quota = NonZeroU32::new(max).map(Quota::per_minute);
        Self {
            limiter: quota.map(RateLimiter::keyed),
            checks: AtomicU32::new(0),
        }
    }

    /// Counts one more.
    ///
    /// # Errors
    /// [`Problem::RateLimited`] if it exceeds the limit.
    pub(crate) fn check(&self, key: &K) -> Result<(), Problem> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        if self.checks.fetch_add(1, Ordering::Relaxed) % SWEEP_AFTER == SWEEP_AFTER - 1 {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        limiter
            .check_key(key)
            .map_err(|not_until| wait_until(&not_until))
    }
}

fn wait_until(not_until: &NotUntil<<DefaultClock as Clock>::Instant>) -> Problem {
    let wait = not_until.wait_time_from(DefaultClock::default().now());
    Problem::RateLimited {
        seconds: wait.as_secs() + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_its_own_count_and_zero_is_no_limit() {
        let rate = Rate::per_minute(2);
        assert_eq!(rate.check(&'a'), Ok(()));
        assert_eq!(rate.check(&'a'), Ok(()));
        assert!(matches!(
            rate.check(&'a'),
            Err(Problem::RateLimited { seconds: 1..=31 })
        ));
        assert_eq!(rate.check(&'b'), Ok(()));
        let unlimited = Rate::per_minute(0);
        assert!((0..10_000).all(|_| unlimited.check(&'a').is_ok()));
    }

    #[test]
    fn keys_that_are_as_good_as_new_are_forgotten() {
        // With a limit this high, the quota is replenished at once.
        let rate = Rate::per_minute(u32::MAX);
        for key in 0..100_000 {
            assert_eq!(rate.check(&key), Ok(()));
        }
        let kept = rate.limiter.as_ref().map_or(0, |limiter| limiter.len());
        assert!(kept <= 1024, "{kept}");
    }
}
