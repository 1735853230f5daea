//! Places for what lasts: connections and streams. So many in all, and so many for each key.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Cheap to clone: all clones count together.
#[derive(Clone, Debug)]
pub(crate) struct Places<K: Hash + Eq + Clone> {
    most: usize,
    most_each: usize,
    taken: Arc<Mutex<Taken<K>>>,
}

/// One place, until it is dropped.
#[derive(Debug)]
pub(crate) struct Place<K: Hash + Eq + Clone> {
    key: Option<K>,
    taken: Arc<Mutex<Taken<K>>>,
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Full {
    /// For anybody.
    All,
    /// For this key.
    Each,
}

#[derive(Debug)]
struct Taken<K> {
    all: usize,
    each: HashMap<K, usize>,
}

impl<K: Hash + Eq + Clone> Places<K> {
    /// 0: without limit.
    pub(crate) fn new(most: usize, most_each: usize) -> Self {
        let or_endless = |most| if most == 0 { usize::MAX } else { most };
        Self {
            most: or_endless(most),
            most_each: or_endless(most_each),
            taken: Arc::new(Mutex::new(Taken {
                all: 0,
                each: HashMap::new(),
            })),
        }
    }

    /// Takes one; without a key it is bounded by all only.
    ///
    /// # Errors
    /// [`Full`].
    pub(crate) fn take(&self, key: Option<K>) -> Result<Place<K>, Full> {
        let mut taken = lock(&self.taken);
        if taken.all >= self.most {
            return Err(Full::All);
        }
        if let Some(key) = &key {
            let of_key = taken.each.entry(key.clone()).or_default();
            if *of_key >= self.most_each {
                return Err(Full::Each);
            }
            *of_key += 1;
        }
        taken.all += 1;
        drop(taken);
        Ok(Place {
            key,
            taken: Arc::clone(&self.taken),
        })
    }
}

impl<K: Hash + Eq + Clone> Drop for Place<K> {
    fn drop(&mut self) {
        let mut taken = lock(&self.taken);
        taken.all -= 1;
        let Some(key) = &self.key else { return };
        if let Some(of_key) = taken.each.get_mut(key) {
            *of_key -= 1;
            if *of_key == 0 {
                taken.each.remove(key);
            }
        }
    }
}

/// Nothing can panic in between.
fn lock<K>(taken: &Mutex<Taken<K>>) -> MutexGuard<'_, Taken<K>> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_for_each_and_for_all_and_come_back() {
        let places = Places::new(3, 2);
        let first = places.take(Some('a')).unwrap();
        let _second = places.take(Some('a')).unwrap();
        assert_eq!(places.take(Some('a')).unwrap_err(), Full::Each);
        let _third = places.take(None).unwrap();
        assert_eq!(places.take(Some('b')).unwrap_err(), Full::All);
        drop(first);
        let other = places.take(Some('b')).unwrap();
        drop(other);
        assert_eq!(lock(&places.taken).each.len(), 1, "no trace is left");
        let endless = Places::new(0, 0);
        let many: Vec<_> = (0..1000).map(|_| endless.take(Some('a'))).collect();
        assert!(many.iter().all(Result::is_ok));
    }
}
