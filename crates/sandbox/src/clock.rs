//! The node's own clock: the system's, moved when a test asks for it. It never goes back by itself.

use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::mutex::lock;

/// Time as the node sees it.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// How far it was moved, forward and back.
    moved: Mutex<(Duration, Duration)>,
}

impl Clock {
    /// Time since 1970.
    pub(super) fn now(&self) -> Duration {
        // A system clock before 1970 counts as 1970.
        let system = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let (forward, back) = *lock(&self.moved);
        system.saturating_add(forward).saturating_sub(back)
    }

    /// Moves the clock forward.
    pub(super) fn advance(&self, by: Duration) {
        let (forward, _) = &mut *lock(&self.moved);
        *forward = forward.saturating_add(by);
    }

    /// Moves the clock back.
    pub(super) fn set_back(&self, by: Duration) {
        let (_, back) = &mut *lock(&self.moved);
        *back = back.saturating_add(by);
    }
}
