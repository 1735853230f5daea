//! The wake-up: tells whoever follows an invoice that the event log has something new about it. It carries numbers, not
//! events: the truth is in the store, and nothing is lost when a number is missed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use crate::invoice::{InvoiceEvent, Label};

/// Who follows which invoice. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct EventHub(Arc<Mutex<Followed>>);

/// Only invoices that somebody follows have an entry: an event costs its own followers, not all.
type Followed = HashMap<Label, watch::Sender<u64>>;

/// One that follows an invoice, until it is dropped.
#[derive(Debug)]
pub struct Listener {
    hub: EventHub,
    label: Label,
    news: watch::Receiver<u64>,
}

impl EventHub {
    /// Follows an invoice. Do this first and look into the store then: what comes in between is not missed.
    pub fn listen(&self, label: &Label) -> Listener {
        let news = self
            .followed()
            .entry(label.clone())
            .or_insert_with(|| watch::Sender::new(0))
            .subscribe();
        Listener {
            hub: self.clone(),
            label: label.clone(),
            news,
        }
    }

    /// Wakes the followers. To be called after the events are in the store.
    pub fn publish(&self, events: &[InvoiceEvent]) {
        let followed = self.followed();
        for event in events {
            if let Some(news) = followed.get(&event.invoice.label) {
                news.send_replace(event.sequence);
            }
        }
    }

    /// How many invoices somebody follows.
    pub fn len(&self) -> usize {
        self.followed().len()
    }

    /// Whether nobody follows anything.
    pub fn is_empty(&self) -> bool {
        self.followed().is_empty()
    }

    fn followed(&self) -> MutexGuard<'_, Followed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener {
    /// Done when there was news since the last time.
    pub async fn news(&mut self) {
        // Cannot fail: the sender is in the hub as long as we are.
        let _ = self.news.changed().await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut followed = self.hub.followed();
        // The one that is being dropped still counts.
        if followed
            .get(&self.label)
            .is_some_and(|news| news.receiver_count() <= 1)
        {
            followed.remove(&self.label);
        }
    }
}
