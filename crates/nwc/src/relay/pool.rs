//! All relays.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
    time::Duration,
};

use facture_runtime::supervisor::supervise;
use futures_util::{StreamExt, stream::FuturesUnordered};
use nostr::{event::Event, types::RelayUrl};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout_at},
};
use tokio_util::task::AbortOnDropHandle;

use super::{publication::Publication, task::Relay, watched::Watched};

/// How many events may wait for one relay.
const QUEUE: usize = 1024;

/// All relays, each with a task of its own.
pub(crate) struct Pool {
    watched: Watched,
    relays: Mutex<BTreeMap<RelayUrl, Handle>>,
}

/// A relay's task.
struct Handle {
    queue: mpsc::Sender<Publication>,
    _task: AbortOnDropHandle<()>,
}

/// No relay has taken an event.
#[derive(Clone, Debug, thiserror::Error)]
#[error("no relay has taken it: {0}")]
pub(crate) struct Unpublished(String);

impl Pool {
    /// None yet.
    pub(crate) fn new(watched: Watched) -> Self {
        Self {
            watched,
            relays: Mutex::default(),
        }
    }

    /// Connects to these relays, and to no others.
    pub(crate) fn keep(&self, urls: &BTreeSet<RelayUrl>) {
        let Ok(mut relays) = self.relays.lock() else {
            return;
        };
        relays.retain(|url, _| urls.contains(url));
        for url in urls {
            if !relays.contains_key(url) {
                relays.insert(url.clone(), self.start(url));
            }
        }
    }

    fn start(&self, url: &RelayUrl) -> Handle {
        let (queue, publications) = mpsc::channel(QUEUE);
        let relay = Relay::new(url.clone(), self.watched.clone(), publications);
        let task = tokio::spawn(supervise("relay", move || {
            let relay = relay.clone();
            async move { relay.run().await }
        }));
        Handle {
            queue,
            _task: AbortOnDropHandle::new(task),
        }
    }

    /// Publishes an event on these relays, and waits until the first one has it. The others get it too, also one that is away
    /// now and back in time.
    pub(crate) async fn publish(
        &self,
        urls: &[RelayUrl],
        event: &Event,
        patience: Duration,
    ) -> Result<(), Unpublished> {
        let until = Instant::now() + patience;
        let mut waiting: FuturesUnordered<_> = self.enqueue(urls, event, until);
        let mut reasons = Vec::new();
        let first = async {
            while let Some(outcome) = waiting.next().await {
                match outcome {
                    Ok(Ok(())) => return true,
                    Ok(Err(reason)) => reasons.push(reason),
                    Err(_) => reasons.push("not in time".to_owned()),
                }
            }
            false
        };
        match timeout_at(until, first).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Unpublished(reasons.join(", "))),
            Err(_) => Err(Unpublished("not in time".to_owned())),
        }
    }

    fn enqueue(
        &self,
        urls: &[RelayUrl],
        event: &Event,
        until: Instant,
    ) -> FuturesUnordered<super::publication::Done> {
        let relays = self.relays.lock();
        let queues = urls.iter().filter_map(|url| {
            let handle = relays.as_ref().ok()?.get(url)?;
            let (publication, done) = Publication::new(event.clone(), until);
            // What there is no room for is dropped, and its receiver says so.
            let _ = handle.queue.try_send(publication);
            Some(done)
        });
        queues.collect()
    }
}
