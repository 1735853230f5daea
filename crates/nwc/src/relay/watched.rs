//! What all relays share.

use std::{sync::Arc, time::Duration};

use nostr::event::Event;
use tokio::sync::{mpsc, watch};

use super::dialer::Dialer;
use crate::connection::Connection;

/// What all relays share.
#[derive(Clone)]
pub(crate) struct Watched {
    pub(crate) dialer: Dialer,
    /// For whom requests are taken.
    pub(crate) connections: watch::Receiver<Arc<[Connection]>>,
    /// Where requests go.
    pub(crate) requests: mpsc::Sender<Event>,
    /// How old a request may be.
    pub(crate) max_age: Duration,
}
