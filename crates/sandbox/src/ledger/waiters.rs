//! Calls that wait for something to happen in the ledger. A caller that went away is dropped from the list without
//! being told anything.

use tokio::sync::oneshot;

/// Callers, each with what it waits for (`K`) and where its answer (`T`) goes.
#[derive(Debug)]
pub(super) struct Waiters<K, T> {
    list: Vec<(K, oneshot::Sender<T>)>,
}

impl<K, T> Default for Waiters<K, T> {
    fn default() -> Self {
        Self { list: Vec::new() }
    }
}

impl<K, T: Clone> Waiters<K, T> {
    /// Adds a caller.
    pub(super) fn add(&mut self, key: K) -> oneshot::Receiver<T> {
        // Only when the list would grow, so that it costs little and the list stays as short as its live callers.
        if self.list.len() == self.list.capacity() {
            self.list.retain(|(_, caller)| !caller.is_closed());
        }
        let (sender, receiver) = oneshot::channel();
        self.list.push((key, sender));
        receiver
    }

    /// Answers all callers that wait for something `due`, in the order they came.
    pub(super) fn release(&mut self, due: impl Fn(&K) -> bool, answer: &T) {
        for (_, caller) in self.list.extract_if(.., |(key, _)| due(key)) {
            // A caller that went away does not want it any more.
            drop(caller.send(answer.clone()));
        }
    }

    /// How many callers are on the list, those that went away included.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// Forgets all callers; they see that nobody will answer.
    pub(super) fn clear(&mut self) {
        self.list.clear();
    }
}
