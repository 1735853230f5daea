//! Those who wait at the freshness barrier, and what they are told.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot, watch};

use crate::sync::progress::Progress;
use facture_domain::InvoiceRef;
use facture_runtime::metrics;

/// How long readers wait for the node before they get the last known state.
pub(super) const DEADLINE: Duration = Duration::from_secs(2);

/// What is about to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// This invoice.
    Invoice(InvoiceRef),
    /// An invoice that the store does not have.
    Unknown,
    /// A list of invoices.
    All,
}

/// A waiting reader.
pub(super) type Reader = oneshot::Sender<Result<(), Stale>>;
/// Where readers arrive.
pub(super) type Arrivals = mpsc::UnboundedReceiver<(Scope, Reader)>;

/// The node did not answer in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stale {
    /// When the store was last known to have everything; `None`: not since the start.
    pub since: Option<Timestamp>,
}

/// Lets readers pass, or not.
pub(super) fn answer(readers: Vec<Reader>, began: Instant, passed: Result<(), Stale>) {
    metrics::barrier_passed(readers.len(), began.elapsed());
    for reader in readers {
        // A reader that left does not matter.
        let _ = reader.send(passed);
    }
}

/// Readers that do not pass.
pub(super) fn stale(progress: &watch::Receiver<Progress>) -> Result<(), Stale> {
    Err(Stale {
        since: progress.borrow().confirmed_at,
    })
}
