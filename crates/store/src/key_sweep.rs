//! When idempotency keys that are over are deleted.

use std::sync::atomic::{AtomicU32, Ordering};

/// The most keys that are deleted at once.
pub(super) const MAX_FORGOTTEN: u32 = 100;

/// After so many reservations old keys are deleted: a query for them costs as much as a reservation.
const SWEEP_INTERVAL: u32 = 50;

/// Counts the reservations since the last sweep.
#[derive(Debug)]
pub(super) struct KeySweep {
    reserved: AtomicU32,
}

impl Default for KeySweep {
    /// Some keys may have grown old while we were not there.
    fn default() -> Self {
        Self {
            reserved: AtomicU32::new(SWEEP_INTERVAL),
        }
    }
}

impl KeySweep {
    /// Counts a reservation. Whether old keys are to be deleted now.
    pub(super) fn is_due(&self) -> bool {
        let is_due = self.reserved.fetch_add(1, Ordering::Relaxed) >= SWEEP_INTERVAL;
        if is_due {
            self.reserved.store(0, Ordering::Relaxed);
        }
        is_due
    }

    /// The next reservation is followed by another sweep.
    pub(super) fn repeat(&self) {
        self.reserved.store(SWEEP_INTERVAL, Ordering::Relaxed);
    }
}
