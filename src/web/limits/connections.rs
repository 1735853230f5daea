//! Slots for connections and streams, limited in total and per key.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Cheap to clone: all clones share the counts.
#[derive(Clone, Debug)]
pub(crate) struct Slots<K: Hash + Eq + Clone> {
    max: usize,
    max_per_key: usize,
    counts: Arc<Mutex<SlotCounts<K>>>,
}

/// One slot, until dropped.
#[derive(Debug)]
pub(crate) struct Slot<K: Hash + Eq + Clone> {
    key: Option<K>,
    counts: Arc<Mutex<SlotCounts<K>>>,
}

/// Why no slot is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SlotsExhausted {
    /// All slots are counts.
    Total,
    /// All slots of this key are counts.
    PerKey,
}

#[derive(Debug)]
struct SlotCounts<K> {
    all: usize,
    each: HashMap<K, usize>,
}

impl<K: Hash + Eq + Clone> Slots<K> {
    /// 0: no limit.
    pub(crate) fn new(max: usize, max_per_key: usize) -> Self {
        let or_unlimited = |limit| if limit == 0 { usize::MAX } else { limit };
        Self {
            max: or_unlimited(max),
            max_per_key: or_unlimited(max_per_key),
            counts: Arc::new(Mutex::new(SlotCounts {
                all: 0,
                each: HashMap::new(),
            })),
        }
    }

    /// Takes a slot; without a key, only the total limit applies.
    ///
    /// # Errors
    /// [`SlotsExhausted`].
    pub(crate) fn take(&self, key: Option<K>) -> Result<Slot<K>, SlotsExhausted> {
        let mut counts = lock(&self.counts);
        if counts.all >= self.max {
            return Err(SlotsExhausted::Total);
        }
        if let Some(key) = &key {
            let of_key = counts.each.entry(key.clone()).or_default();
            if *of_key >= self.max_per_key {
                return Err(SlotsExhausted::PerKey);
            }
            *of_key += 1;
        }
        counts.all += 1;
        drop(counts);
        Ok(Slot {
            key,
            counts: Arc::clone(&self.counts),
        })
    }
}

impl<K: Hash + Eq + Clone> Drop for Slot<K> {
    fn drop(&mut self) {
        let mut counts = lock(&self.counts);
        counts.all -= 1;
        let Some(key) = &self.key else { return };
        if let Some(of_key) = counts.each.get_mut(key) {
            *of_key -= 1;
            if *of_key == 0 {
                counts.each.remove(key);
            }
        }
    }
}

/// Nothing can panic while it is locked.
fn lock<K>(counts: &Mutex<SlotCounts<K>>) -> MutexGuard<'_, SlotCounts<K>> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_for_each_and_for_all_and_come_back() {
        let slots = Slots::new(3, 2);
        let first = slots.take(Some('a')).unwrap();
        let _second = slots.take(Some('a')).unwrap();
        assert_eq!(slots.take(Some('a')).unwrap_err(), SlotsExhausted::PerKey);
        let _third = slots.take(None).unwrap();
        assert_eq!(slots.take(Some('b')).unwrap_err(), SlotsExhausted::Total);
        drop(first);
        let other = slots.take(Some('b')).unwrap();
        drop(other);
        assert_eq!(lock(&slots.counts).each.len(), 1, "no trace is left");
        let endless = Slots::new(0, 0);
        let many: Vec<_> = (0..1000).map(|_| endless.take(Some('a'))).collect();
        assert!(many.iter().all(Result::is_ok));
    }
}
