//! How long the oldest has waited.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

/// Commands that are under way, by when they arrived, and the first event that the brokers do not have.
#[derive(Debug, Default)]
pub(super) struct Ages {
    /// How many commands arrived at this time, in milliseconds since 1970.
    commands: Mutex<BTreeMap<i64, usize>>,
    event: Mutex<Option<Timestamp>>,
}

impl Ages {
    /// A command is under way that arrived at this time, in milliseconds since 1970.
    pub(super) fn enter(&self, arrived_at: i64) {
        *lock(&self.commands).entry(arrived_at).or_default() += 1;
    }

    /// It is no longer.
    pub(super) fn leave(&self, arrived_at: i64) {
        let mut commands = lock(&self.commands);
        if let Some(count) = commands.get_mut(&arrived_at) {
            *count -= 1;
            if *count == 0 {
                commands.remove(&arrived_at);
            }
        }
    }

    /// This is the first event that the brokers do not have; `None`: they have all that were read.
    pub(super) fn event(&self, recorded_at: Option<Timestamp>) {
        *lock(&self.event) = recorded_at;
    }

    /// How long the oldest command has been waiting at this time, in whole seconds; 0: none is.
    pub(super) fn oldest_command(&self, now: Timestamp) -> i64 {
        let oldest = lock(&self.commands).keys().next().copied();
        oldest.map_or(0, |at| seconds(now.as_millisecond() - at))
    }

    /// The same of the oldest event.
    pub(super) fn oldest_event(&self, now: Timestamp) -> i64 {
        let oldest = *lock(&self.event);
        oldest.map_or(0, |at| seconds(now.as_millisecond() - at.as_millisecond()))
    }
}

/// Whole seconds; the broker's clock may be ahead of ours.
fn seconds(milliseconds: i64) -> i64 {
    (milliseconds / 1000).max(0)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_counts_until_it_is_done() {
        let at = |millisecond| Timestamp::from_millisecond(millisecond).unwrap();
        let ages = Ages::default();
        assert_eq!(
            (ages.oldest_command(at(9000)), ages.oldest_event(at(9000))),
            (0, 0)
        );
        for arrived_at in [2000, 1000, 1000] {
            ages.enter(arrived_at);
        }
        ages.leave(1000);
        assert_eq!(ages.oldest_command(at(9999)), 8);
        ages.leave(1000);
        assert_eq!(ages.oldest_command(at(9999)), 7);
        assert_eq!(ages.oldest_command(at(1)), 0);
        ages.leave(2000);
        assert_eq!(ages.oldest_command(at(9999)), 0);
        ages.event(Some(at(4000)));
        assert_eq!(ages.oldest_event(at(9999)), 5);
        ages.event(None);
        assert_eq!(ages.oldest_event(at(9999)), 0);
    }
}
