//! One relay: connected again and again.

use std::{collections::HashMap, sync::Arc, time::Duration};

use nostr::types::RelayUrl;
use tokio::{
    sync::{Mutex, mpsc},
    time::{Instant, sleep},
};

use super::{
    backoff,
    publication::{Pending, Publication},
    session::Session,
    watched::Watched,
};

/// A connection that lasted so long was a good one: the next failure is the first again.
const GOOD: Duration = Duration::from_secs(60);

/// One relay. Cheap to clone: after a panic another run goes on with the same.
#[derive(Clone)]
pub(super) struct Relay {
    url: RelayUrl,
    watched: Watched,
    pending: Arc<Mutex<Pending>>,
}

impl Relay {
    /// At this address, with what is to be published there.
    pub(super) fn new(url: RelayUrl, watched: Watched, queue: mpsc::Receiver<Publication>) -> Self {
        let sent = HashMap::new();
        Self {
            url,
            watched,
            pending: Arc::new(Mutex::new(Pending { queue, sent })),
        }
    }

    /// Runs until it is dropped.
    pub(super) async fn run(&self) {
        let mut pending = self.pending.lock().await;
        let mut failures = 0;
        loop {
            let began = Instant::now();
            let reason = self.session(&mut pending).await;
            if began.elapsed() > GOOD {
                failures = 0;
            }
            let pause = backoff::pause(failures, rand::random());
            let ms = pause.as_millis();
            tracing::warn!(relay = %self.url, reason, ms, "a relay is away; it is tried again");
            failures = failures.saturating_add(1);
            sleep(pause).await;
        }
    }

    /// One connection, from its beginning to its end; returns why it ended.
    async fn session(&self, pending: &mut Pending) -> String {
        let socket = match self.watched.dialer.dial(&self.url).await {
            Ok(socket) => socket,
            Err(reason) => return reason,
        };
        tracing::info!(relay = %self.url, "connected");
        let session = Session::new(&self.url, &self.watched, socket);
        match session.run(pending).await {
            Ok(never) => match never {},
            Err(error) => error.to_string(),
        }
    }
}
