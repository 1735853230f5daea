//! Limits the log lines per second that strangers can cause with failing requests. Successful actions are always
//! logged, since they have limits of their own.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The maximum number of lines per second.
const MAX_LINES: u32 = 20;

const SECOND: Duration = Duration::from_secs(1);

/// The current second.
#[derive(Debug)]
struct Budget {
    since: Option<Instant>,
    written: u32,
    left_out: u64,
}

static BUDGET: Mutex<Budget> = Mutex::new(Budget {
    since: None,
    written: 0,
    left_out: 0,
});

/// Whether one more line may be written. Occasionally logs how many were suppressed.
pub(crate) fn allows() -> bool {
    let (allowed, left_out) = BUDGET
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take(Instant::now());
    if left_out > 0 {
        tracing::warn!(left_out, "requests that came to nothing were not logged");
    }
    allowed
}

impl Budget {
    /// Whether one more is allowed, and how many were suppressed in a second that has just ended.
    fn take(&mut self, now: Instant) -> (bool, u64) {
        let mut left_out = 0;
        if self
            .since
            .is_none_or(|since| now.duration_since(since) >= SECOND)
        {
            left_out = std::mem::take(&mut self.left_out);
            self.since = Some(now);
            self.written = 0;
        }
        let allowed = self.written < MAX_LINES;
        match allowed {
            true => self.written += 1,
            false => self.left_out += 1,
        }
        (allowed, left_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_a_second_and_the_rest_is_counted() {
        let mut budget = Budget {
            since: None,
            written: 0,
            left_out: 0,
        };
        let start = Instant::now();
        let taken = (0..100).filter(|_| budget.take(start).0).count();
        assert_eq!(taken, 20);
        assert_eq!(budget.take(start + SECOND), (true, 80));
        assert_eq!(budget.take(start + SECOND), (true, 0));
    }
}
