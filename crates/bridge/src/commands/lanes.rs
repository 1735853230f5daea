//! The order of commands: those of one key wait for each other, all others do not.

use std::collections::{HashMap, VecDeque};

use hyper::body::Bytes;

/// What waits behind a command of the same key.
#[derive(Debug)]
pub(super) struct Lanes<T> {
    waiting: HashMap<Bytes, VecDeque<T>>,
}

impl<T> Default for Lanes<T> {
    fn default() -> Self {
        Self {
            waiting: HashMap::new(),
        }
    }
}

impl<T> Lanes<T> {
    /// A command comes in; returned if it can begin now.
    pub(super) fn enter(&mut self, key: Option<&Bytes>, command: T) -> Option<T> {
        let Some(key) = key else {
            return Some(command);
        };
        match self.waiting.get_mut(key) {
            Some(waiting) => {
                waiting.push_back(command);
                None
            }
            None => {
                self.waiting.insert(key.clone(), VecDeque::new());
                Some(command)
            }
        }
    }

    /// A command of this key has ended; the next one is returned.
    pub(super) fn leave(&mut self, key: Option<&Bytes>) -> Option<T> {
        let key = key?;
        let next = self.waiting.get_mut(key)?.pop_front();
        if next.is_none() {
            self.waiting.remove(key);
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_waits_and_others_do_not() {
        let (a, b) = (Bytes::from_static(b"a"), Bytes::from_static(b"b"));
        let mut lanes = Lanes::default();
        assert_eq!(lanes.enter(Some(&a), 1), Some(1));
        assert_eq!(lanes.enter(Some(&a), 2), None);
        assert_eq!(lanes.enter(Some(&b), 3), Some(3));
        assert_eq!(lanes.enter(None, 4), Some(4));
        assert_eq!(lanes.enter(None, 5), Some(5));
        assert_eq!(lanes.leave(None), None);
        assert_eq!(lanes.leave(Some(&a)), Some(2));
        assert_eq!(lanes.leave(Some(&a)), None);
        assert_eq!(lanes.enter(Some(&a), 6), Some(6));
    }
}
