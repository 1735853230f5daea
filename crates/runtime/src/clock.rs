//! What time it is. A test can hold the clock and let an hour pass.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::{SignedDuration, Timestamp};
use tokio::{sync::watch, time::sleep};

/// A clock. Cheap to clone: all clones show the same time.
#[derive(Clone, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Debug)]
enum Kind {
    System,
    Manual(watch::Sender<Timestamp>),
}

impl Clock {
    /// The system's.
    pub fn system() -> Self {
        Self(Kind::System)
    }

    /// One that stands still but for [`Clock::advance`].
    pub fn manual(start: Timestamp) -> Self {
        Self(Kind::Manual(watch::Sender::new(start)))
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Kind::System => Timestamp::now(),
            Kind::Manual(now) => *now.borrow(),
        }
    }

    /// Lets time pass on a manual clock. The system's goes by itself.
    pub fn advance(&self, by: Duration) {
        if let Kind::Manual(now) = &self.0 {
            now.send_modify(|now| *now = after(*now, by));
        }
    }

    /// Done when it is `until`, or has been. The system's clock may be set meanwhile: a long wait looks again.
    pub async fn sleep_until(&self, until: Timestamp) {
        match &self.0 {
            Kind::System => {
                let left = until.duration_since(Timestamp::now());
                // A time that has passed is no span to sleep.
                sleep(Duration::try_from(left).unwrap_or_default()).await;
            }
            Kind::Manual(now) => {
                // Cannot fail: the sender is here.
                let _ = now.subscribe().wait_for(|now| *now >= until).await;
            }
        }
    }
}

/// Whether the system's clock shows a time that the web knows: from 1970 on, and before the year 10000. What writes an HTTP
/// date (RFC 9110 §5.6.7) cannot do it with any other.
pub fn is_sound() -> bool {
    /// The last second of the year 9999.
    const END: u64 = 253_402_300_799;
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.is_ok_and(|since| since.as_secs() <= END)
}

/// So much later; the end of time when that is beyond it.
pub fn after(time: Timestamp, span: Duration) -> Timestamp {
    let span = SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX);
    time.checked_add(span).unwrap_or(Timestamp::MAX)
}

/// So much earlier; the beginning of time when that is before it.
pub fn before(time: Timestamp, span: Duration) -> Timestamp {
    let span = SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX);
    time.checked_sub(span).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_manual_clock_wakes_waiters_when_the_time_has_come() {
        let clock = Clock::manual(Timestamp::UNIX_EPOCH);
        let until = after(clock.now(), Duration::from_secs(3600));
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep_until(until).await }
        });
        clock.advance(Duration::from_secs(3599));
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        clock.advance(Duration::from_secs(1));
        waiting.await.unwrap();
        assert_eq!(clock.now(), until);
    }

    #[tokio::test]
    async fn the_past_is_not_waited_for() {
        Clock::system().sleep_until(Timestamp::MIN).await;
    }
}
