//! Locking that outlives a panic of another task.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks. A panic of another task while it held the lock is that task's failure, not this one's.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
