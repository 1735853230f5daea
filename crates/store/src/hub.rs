//! The wake-up: tells whoever follows an invoice, or all of them, to look into the event log. It carries no events: the truth is in the
//! store, and a wake-up too many costs a look.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use facture_domain::Label;

/// Who follows which invoice. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct EventHub(Arc<Hub>);

#[derive(Debug, Default)]
struct Hub {
    followed: Mutex<Followed>,
    all: watch::Sender<()>,
}

/// Only invoices that somebody follows have an entry: an event costs its own followers, not all.
type Followed = HashMap<Label, watch::Sender<()>>;

/// One that follows an invoice, until it is dropped.
#[derive(Debug)]
pub struct Listener {
    hub: EventHub,
    label: Label,
    /// Only taken out when this is dropped.
    news: Option<watch::Receiver<()>>,
}

/// One that follows all invoices.
#[derive(Debug)]
pub struct AllListener {
    /// Keeps the sender.
    _hub: EventHub,
    news: watch::Receiver<()>,
}

impl EventHub {
    /// Follows an invoice. Do this first and look into the store then: what comes in between is not missed.
    pub fn listen(&self, label: &Label) -> Listener {
        let news = self
            .followed()
            .entry(label.clone())
            .or_insert_with(|| watch::Sender::new(()))
            .subscribe();
        Listener {
            hub: self.clone(),
            label: label.clone(),
            news: Some(news),
        }
    }

    /// Follows all invoices, as [`EventHub::listen`] does one.
    pub fn listen_all(&self) -> AllListener {
        AllListener {
            _hub: self.clone(),
            news: self.0.all.subscribe(),
        }
    }

    /// Wakes the followers of these invoices. To be called after the store has what happened.
    pub fn wake<'a>(&self, labels: impl IntoIterator<Item = &'a Label>) {
        let mut labels = labels.into_iter().peekable();
        if labels.peek().is_none() {
            return;
        }
        let followed = self.followed();
        for label in labels {
            if let Some(news) = followed.get(label) {
                news.send_replace(());
            }
        }
        self.0.all.send_replace(());
    }

    fn followed(&self) -> MutexGuard<'_, Followed> {
        self.0
            .followed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener {
    /// Done when there was news since the last time.
    pub async fn news(&mut self) {
        if let Some(news) = &mut self.news {
            // Cannot fail: the sender is in the hub as long as we are.
            let _ = news.changed().await;
        }
    }
}

impl AllListener {
    /// Done when there was news since the last time.
    pub async fn news(&mut self) {
        // Cannot fail: we keep the sender.
        let _ = self.news.changed().await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut followed = self.hub.followed();
        // Under the lock, so that of two that go at once the second sees that it is the last.
        self.news = None;
        if followed
            .get(&self.label)
            .is_some_and(|news| news.receiver_count() == 0)
        {
            followed.remove(&self.label);
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
            assert!(hub.followed().is_empty());
        }
    }
}
