//! The freshness barrier: a read that starts after the payer's wallet got its preimage must show "paid". The node is
//! asked where its changes are; once the follower has applied them, the store is current. All readers who arrive while a
//! question is under way share the next one, so a thousand cost one call. A node that does not count its changes is asked
//! for the invoices themselves (`lookups.rs`).

use std::{sync::Arc, time::Instant};

use tokio::{
    sync::{Mutex, mpsc, oneshot, watch},
    time::timeout,
};

use crate::sync::{
    lookups::Lookups,
    progress::Progress,
    readers::{Arrivals, DEADLINE, Reader, Scope, Stale, answer, stale},
};
use facture_node::{Confirmation, Node, NodeError, Position};
use facture_runtime::supervisor;
use facture_store::Store;

/// Passes readers when the store is current. Cheap to clone; its tasks end with the last one.
#[derive(Clone, Debug)]
pub struct Barrier {
    invoices: mpsc::UnboundedSender<(Scope, Reader)>,
    lists: mpsc::UnboundedSender<(Scope, Reader)>,
    progress: watch::Receiver<Progress>,
}

impl Barrier {
    /// On this node, its follower and its store.
    pub(super) fn start(node: Node, store: Store, progress: watch::Receiver<Progress>) -> Self {
        let (invoices, invoice_arrivals) = mpsc::unbounded_channel();
        match node.confirmation() {
            Confirmation::ByPosition => {
                let readers = progress.clone();
                spawn("barrier", invoice_arrivals, move |arrivals| {
                    let (node, progress) = (node.clone(), readers.clone());
                    async move { serve(node, progress, &mut *arrivals.lock().await).await }
                });
                Self {
                    lists: invoices.clone(),
                    invoices,
                    progress,
                }
            }
            Confirmation::ByLookup => {
                let (lists, list_arrivals) = mpsc::unbounded_channel();
                let lookups = Lookups {
                    node,
                    store,
                    progress: progress.clone(),
                };
                let again = lookups.clone();
                spawn("barrier", invoice_arrivals, move |arrivals| {
                    let lookups = again.clone();
                    async move { lookups.serve_invoices(&mut *arrivals.lock().await).await }
                });
                spawn("barrier", list_arrivals, move |arrivals| {
                    let lookups = lookups.clone();
                    async move { lookups.serve_lists(&mut *arrivals.lock().await).await }
                });
                Self {
                    invoices,
                    lists,
                    progress,
                }
            }
        }
    }

    /// How far the follower is.
    pub fn progress(&self) -> &watch::Receiver<Progress> {
        &self.progress
    }

    /// Waits until the store has everything that the node knew, at the time of the call, of what is about to be read.
    ///
    /// # Errors
    /// [`Stale`] when the node does not answer in time.
    pub async fn pass(&self, scope: Scope) -> Result<(), Stale> {
        let (answer, passed) = oneshot::channel();
        let readers = match scope {
            Scope::All => &self.lists,
            Scope::Invoice(_) | Scope::Unknown => &self.invoices,
        };
        // Fails only when the runtime ends; no answer comes when the task panics.
        let _ = readers.send((scope, answer));
        passed.await.unwrap_or_else(|_| stale(&self.progress))
    }
}

/// Supervises a task that serves readers. Those that come while it restarts are served after that.
fn spawn<F: Future<Output = ()> + Send + 'static>(
    name: &'static str,
    arrivals: Arrivals,
    serve: impl Fn(Arc<Mutex<Arrivals>>) -> F + Send + 'static,
) {
    let arrivals = Arc::new(Mutex::new(arrivals));
    tokio::spawn(supervisor::supervise(name, move || {
        serve(Arc::clone(&arrivals))
    }));
}

async fn serve(node: Node, progress: watch::Receiver<Progress>, arrivals: &mut Arrivals) {
    while let Some((_, first)) = arrivals.recv().await {
        // A later reader must wait for the next question: this one's answer may be too old for it.
        let mut readers = vec![first];
        while let Ok((_, next)) = arrivals.try_recv() {
            readers.push(next);
        }
        let began = Instant::now();
        let before = progress.borrow().applied;
        let position = timeout(DEADLINE, position(&node, before)).await;
        match position {
            // It was put back, or is not well: what it knows is not known.
            Ok(Ok(now)) if now < before => answer(readers, began, stale(&progress)),
            // Mostly it is nothing new.
            Ok(Ok(now)) if progress.borrow().applied >= now => answer(readers, began, Ok(())),
            Ok(Ok(now)) => {
                let progress = progress.clone();
                // The next question need not wait until this is applied.
                tokio::spawn(supervisor::catch_panic("barrier", async move {
                    answer(readers, began, applied(progress, now).await);
                }));
            }
            Ok(Err(_)) | Err(_) => answer(readers, began, stale(&progress)),
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

async fn applied(mut progress: watch::Receiver<Progress>, position: Position) -> Result<(), Stale> {
    let reached = timeout(
        DEADLINE,
        progress.wait_for(|progress| progress.applied >= position),
    )
    .await
    .is_ok_and(|reached| reached.is_ok());
    if reached { Ok(()) } else { stale(&progress) }
}
