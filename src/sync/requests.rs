//! What is asked of a follower that runs: to go through all invoices of the node now. It does so itself, between one piece
//! of news and the next, so that nobody else moves its cursor or changes the records behind its back.

use std::{pin::pin, sync::Arc, time::Duration};

use tokio::{
    sync::{Mutex, mpsc, oneshot, watch},
    time::timeout,
};

use crate::sync::{
    progress::{Link, Progress},
    report::Report,
};

/// How long one waits for a node that is not there yet since the start.
const START_TIMEOUT: Duration = Duration::from_secs(10);

/// Asks a running follower. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Reconciler {
    requests: mpsc::UnboundedSender<Request>,
    progress: watch::Receiver<Progress>,
}

/// Why it was not done, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ReconcileError(pub(super) String);

pub(super) type Request = oneshot::Sender<Result<Report, ReconcileError>>;

/// Where requests wait. It outlives a panic of the follower.
#[derive(Debug)]
pub(super) struct Requests {
    sender: mpsc::UnboundedSender<Request>,
    receiver: Mutex<mpsc::UnboundedReceiver<Request>>,
}

impl Requests {
    pub(super) fn new() -> Arc<Self> {
        let (sender, receiver) = mpsc::unbounded_channel();
        let receiver = Mutex::new(receiver);
        Arc::new(Self { sender, receiver })
    }

    /// The next one. A caller that gives up loses none.
    pub(super) async fn next(&self) -> Request {
        let mut receiver = self.receiver.lock().await;
        match receiver.recv().await {
            Some(request) => request,
            // Never: the sender is here.
            None => std::future::pending().await,
        }
    }
}

impl Reconciler {
    pub(super) fn new(requests: &Requests, progress: watch::Receiver<Progress>) -> Self {
        Self {
            requests: requests.sender.clone(),
            progress,
        }
    }

    /// Has all invoices of the node gone through, and says what was different.
    ///
    /// # Errors
    /// [`ReconcileError`] when the node is away, or it or the records fail on the way.
    pub async fn reconcile(&self) -> Result<Report, ReconcileError> {
        let mut progress = self.progress.clone();
        let connected = progress.wait_for(|progress| progress.link != Link::Connecting);
        let link = match timeout(START_TIMEOUT, connected).await {
            Ok(Ok(progress)) => progress.link.clone(),
            _ => Link::Connecting,
        };
        match link {
            Link::Following => {}
            Link::Disconnected(reason) => return Err(ReconcileError(reason)),
            Link::Connecting => {
                return Err(ReconcileError("the node is not there yet".to_owned()));
            }
        }
        let (answer, told) = oneshot::channel();
        // This fails only when the runtime ends.
        let _ = self.requests.send(answer);
        let mut told = pin!(told);
        // A node that is lost first may stay away for long.
        tokio::select! {
            biased;
            told = &mut told => told.unwrap_or_else(|_| Err(ReconcileError("it broke off".to_owned()))),
            Ok(lost) = progress.wait_for(|progress| progress.link != Link::Following) => {
                let link = lost.link.clone();
                drop(lost);
                let reason = match link {
                    Link::Disconnected(reason) => reason,
                    Link::Connecting | Link::Following => "the node was lost".to_owned(),
                };
                // It may have been what was lost by.
                told.try_recv().unwrap_or(Err(ReconcileError(reason)))
            }
        }
    }
}
