//! The freshness barrier: a read that starts after the payer's wallet got its preimage must show "paid". The node is
//! asked where its changes are; once the follower has applied them, the store is current. All readers who arrive while a
//! question is under way share the next one, so a thousand cost one call.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tokio::{
    sync::{Mutex, mpsc, oneshot, watch},
    time::timeout,
};

use crate::sync::progress::Progress;
use facture_node::{Node, NodeError, Position};
use facture_runtime::{metrics, supervisor};

/// How long readers wait for the node before they get the last known state.
const DEADLINE: Duration = Duration::from_secs(2);

/// Passes readers when the store is current. Cheap to clone; its task ends with the last one.
#[derive(Clone, Debug)]
pub struct Barrier {
    readers: mpsc::UnboundedSender<Reader>,
    progress: watch::Receiver<Progress>,
}

/// A waiting reader.
type Reader = oneshot::Sender<Result<(), Stale>>;
type Arrivals = mpsc::UnboundedReceiver<Reader>;

/// The node did not answer in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stale {
    /// When the store was last known to have everything; `None`: not since the start.
    pub since: Option<Timestamp>,
}

impl Barrier {
    /// On this node and its follower.
    pub(super) fn start(node: Node, progress: watch::Receiver<Progress>) -> Self {
        let (readers, arrivals) = mpsc::unbounded_channel();
        // Outside of the task: readers that come while it restarts are served after that.
        let arrivals = Arc::new(Mutex::new(arrivals));
        tokio::spawn({
            let progress = progress.clone();
            supervisor::supervise("barrier", move || {
                serve(node.clone(), progress.clone(), Arc::clone(&arrivals))
            })
        });
        Self { readers, progress }
    }

    /// How far the follower is.
    pub fn progress(&self) -> &watch::Receiver<Progress> {
        &self.progress
    }

    /// Waits until the store has everything that the node knew at the time of the call.
    ///
    /// # Errors
    /// [`Stale`] when the node does not answer in time.
    pub async fn pass(&self) -> Result<(), Stale> {
        let (answer, passed) = oneshot::channel();
        // Fails only when the runtime ends; no answer comes when the task panics.
        let _ = self.readers.send(answer);
        passed.await.unwrap_or_else(|_| stale(&self.progress))
    }
}

async fn serve(node: Node, progress: watch::Receiver<Progress>, arrivals: Arc<Mutex<Arrivals>>) {
    let mut arrivals = arrivals.lock().await;
    while let Some(first) = arrivals.recv().await {
        // A later reader must wait for the next question: this one's answer may be too old for it.
        let mut readers = vec![first];
        while let Ok(next) = arrivals.try_recv() {
            readers.push(next);
        }
        let began = Instant::now();
        let before = progress.borrow().applied;
        let position = timeout(DEADLINE, position(&node, before)).await;
        match position {
            // It was put back, or is not well: what it knows is not known.
            Ok(Ok(now)) if now < before => tell(readers, began, stale(&progress)),
            // Mostly it is nothing new.
            Ok(Ok(now)) if progress.borrow().applied >= now => tell(readers, began, Ok(())),
            Ok(Ok(now)) => {
                let progress = progress.clone();
                // The next question need not wait until this is applied.
                tokio::spawn(supervisor::catch_panic("barrier", async move {
                    tell(readers, began, applied(progress, now).await);
                }));
            }
            Ok(Err(_)) | Err(_) => tell(readers, began, stale(&progress)),
        }
    }
}

/// Where the node's changes are. A position before what it had told must be told again.
async fn position(node: &Node, before: Position) -> Result<Position, NodeError> {
    match node.position().await? {
        now if now < before => node.position().await,
        now => Ok(now),
    }
}

fn tell(readers: Vec<Reader>, began: Instant, passed: Result<(), Stale>) {
    metrics::barrier_passed(readers.len(), began.elapsed());
    for reader in readers {
        // A reader that left does not matter.
        let _ = reader.send(passed);
    }
}

async fn applied(mut progress: watch::Receiver<Progress>, position: Position) -> Result<(), Stale> {
    let reached = timeout(
        DEADLINE,
        progress.wait_for(|progress| progress.applied >= position),
    )
    .await
    .is_ok_and(|reached| reached.is_ok());
    if reached { Ok(()) } else { stale(&progress) }
}

fn stale(progress: &watch::Receiver<Progress>) -> Result<(), Stale> {
    Err(Stale {
        since: progress.borrow().confirmed_at,
    })
}
