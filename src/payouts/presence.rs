//! Whether a payer is there: whoever asked for work lately is. It is kept in memory: after a start nobody was seen yet.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// A payer that has not asked for so long is not there. One that waits for work asks every 30 seconds.
const SEEN: Duration = Duration::from_secs(60);

/// When a payer was last there.
#[derive(Debug, Default)]
pub(super) struct Presence(Mutex<Option<Instant>>);

impl Presence {
    /// A payer is there now.
    pub(super) fn seen(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether one was there lately.
    pub(super) fn is_there(&self) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|last| last.elapsed() < SEEN)
    }
}
