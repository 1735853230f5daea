//! The commit signal: wakes the listeners of one invoice, of all events, of the outbox or of notices after a commit. It carries no
//! events: listeners read them from the store, and a spurious wake-up costs one query. Only the unit of work sends it. Each
//! kind of listener has its own channel, so that none is woken for another.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use facture_domain::Label;

/// Who follows what. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct EventHub(Arc<Hub>);

#[derive(Debug, Default)]
struct Hub {
    followers: Mutex<Followers>,
    /// The number of the last event that this process committed; 0: none yet.
    sequence: watch::Sender<u64>,
    /// Deliveries are due.
    outbox: watch::Sender<()>,
    /// Notices were written, but for those of events.
    notices: watch::Sender<()>,
}

/// Only invoices that somebody follows have an entry: an event costs its own followers, not all.
type Followers = HashMap<Label, watch::Sender<()>>;

/// Follows an invoice until it is dropped.
#[derive(Debug)]
pub struct Listener {
    hub: EventHub,
    label: Label,
    /// Only taken out when this is dropped.
    changes: Option<watch::Receiver<()>>,
}

/// Follows all events.
#[derive(Debug)]
pub struct AllListener {
    /// Keeps the sender.
    _hub: EventHub,
    sequence: watch::Receiver<u64>,
}

/// Follows the outbox.
#[derive(Debug)]
pub struct OutboxListener {
    /// Keeps the sender.
    _hub: EventHub,
    outbox: watch::Receiver<()>,
}

/// Follows notices.
#[derive(Debug)]
pub struct NoticeListener {
    /// Keeps the sender.
    _hub: EventHub,
    notices: watch::Receiver<()>,
}

/// Of what a commit was, for those who do not follow one invoice.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Committed {
    /// Its last event, if there is one.
    pub(crate) sequence: Option<u64>,
    /// Whether it made deliveries due.
    pub(crate) has_deliveries: bool,
    /// Whether it wrote notices.
    pub(crate) has_notices: bool,
}

impl EventHub {
    /// Wakes all: something may have been committed that this process was not told. `last` is the last event that there is.
    pub(crate) fn wake_all(&self, last: u64) {
        self.0.sequence.send_replace(last);
        self.0.outbox.send_replace(());
        self.0.notices.send_replace(());
        for follower in self.followers().values() {
            follower.send_replace(());
        }
    }

    /// Follows an invoice. Do this first and look into the store then: what comes in between is not missed.
    pub fn listen(&self, label: &Label) -> Listener {
        let changes = self
            .followers()
            .entry(label.clone())
            .or_insert_with(|| watch::Sender::new(()))
            .subscribe();
        Listener {
            hub: self.clone(),
            label: label.clone(),
            changes: Some(changes),
        }
    }

    /// Follows all events, as [`EventHub::listen`] does those of one invoice.
    pub fn listen_all(&self) -> AllListener {
        AllListener {
            _hub: self.clone(),
            sequence: self.0.sequence.subscribe(),
        }
    }

    /// Follows the outbox: what becomes due at once. What becomes due later is for the listener to know.
    pub fn listen_outbox(&self) -> OutboxListener {
        OutboxListener {
            _hub: self.clone(),
            outbox: self.0.outbox.subscribe(),
        }
    }

    /// Follows notices that are written for what is no event.
    pub fn listen_notices(&self) -> NoticeListener {
        NoticeListener {
            _hub: self.clone(),
            notices: self.0.notices.subscribe(),
        }
    }

    /// Something was committed: what it was, and the invoices whose followers are to be woken.
    pub(crate) fn committed<'a>(
        &self,
        committed: Committed,
        touched: impl IntoIterator<Item = &'a Label>,
    ) {
        let mut touched = touched.into_iter().peekable();
        if touched.peek().is_some() {
            let followers = self.followers();
            for label in touched {
                if let Some(changes) = followers.get(label) {
                    changes.send_replace(());
                }
            }
        }
        if let Some(sequence) = committed.sequence {
            self.0.sequence.send_replace(sequence);
        }
        if committed.has_deliveries {
            self.0.outbox.send_replace(());
        }
        if committed.has_notices {
            self.0.notices.send_replace(());
        }
    }

    fn followers(&self) -> MutexGuard<'_, Followers> {
        self.0
            .followers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener {
    /// Returns when something of it was committed since the last call.
    pub async fn changed(&mut self) {
        if let Some(changes) = &mut self.changes {
            // Cannot fail: the sender is in the hub as long as we are.
            let _ = changes.changed().await;
        }
    }
}

impl AllListener {
    /// Returns when events were committed since the last call.
    pub async fn changed(&mut self) {
        // Cannot fail: we keep the sender.
        let _ = self.sequence.changed().await;
    }
}

impl OutboxListener {
    /// Returns when deliveries became due since the last call.
    pub async fn changed(&mut self) {
        // Cannot fail: we keep the sender.
        let _ = self.outbox.changed().await;
    }
}

impl NoticeListener {
    /// Returns when notices were written since the last call.
    pub async fn changed(&mut self) {
        // Cannot fail: we keep the sender.
        let _ = self.notices.changed().await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut followers = self.hub.followers();
        // Under the lock, so that of two that go at once the second sees that it is the last.
        self.changes = None;
        if followers
            .get(&self.label)
            .is_some_and(|changes| changes.receiver_count() == 0)
        {
            followers.remove(&self.label);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use facture_domain::LabelPrefix;

    #[test]
    fn nothing_is_left_behind_when_followers_go_at_once() {
        let hub = EventHub::default();
        let label = LabelPrefix::default().random_label();
        for _ in 0..2000 {
            let (one, other) = (hub.listen(&label), hub.listen(&label));
            std::thread::scope(|scope| {
                scope.spawn(move || drop(one));
                scope.spawn(move || drop(other));
            });
            assert!(hub.followers().is_empty());
        }
    }
}
