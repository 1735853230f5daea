//! Events on their way to one relay.

use std::collections::HashMap;

use nostr::event::{Event, EventId};
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

/// An event that a relay is to have.
pub(super) struct Publication {
    pub(super) event: Event,
    /// Until when it is worth anything.
    pub(super) until: Instant,
    done: oneshot::Sender<Result<(), String>>,
}

/// What a relay is to have.
pub(super) struct Pending {
    /// Not sent yet.
    pub(super) queue: mpsc::Receiver<Publication>,
    /// Sent, and not answered yet.
    pub(super) sent: HashMap<EventId, Publication>,
}

/// Tells whether the relay has it.
pub(super) type Done = oneshot::Receiver<Result<(), String>>;

impl Publication {
    /// Of this event, until then.
    pub(super) fn new(event: Event, until: Instant) -> (Self, Done) {
        let (done, waits) = oneshot::channel();
        (Self { event, until, done }, waits)
    }

    /// Whether it is worth anything.
    pub(super) fn is_due(&self) -> bool {
        Instant::now() < self.until
    }

    /// The relay has it, or refuses it.
    pub(super) fn end(self, outcome: Result<(), String>) {
        // Whoever published it may be content with another relay.
        let _ = self.done.send(outcome);
    }
}
