//! The node's own clock: the system's, moved forward when a test asks for it. It never goes back by itself.

use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::lock;

/// Time as the node sees it.
#[derive(Debug, Default)]
pub(super) struct Clock {
    ahead: Mutex<Duration>,
}

impl Clock {
    /// Time since 1970.
    pub(super) fn now(&self) -> Duration {
        // A system clock before 1970 counts as 1970.
        let system = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        system.saturating_add(*lock(&self.ahead))
    }

    /// Moves the clock forward.
    pub(super) fn advance(&self, by: Duration) {
        let mut ahead = lock(&self.ahead);
        *ahead = ahead.saturating_add(by);
    }
}
