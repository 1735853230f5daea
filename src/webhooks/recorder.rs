//! Records the outcome of attempts. Those that end while it writes go into its next unit of work together, so that many
//! receivers at once do not keep payments from being written.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{Notify, mpsc},
    time::sleep,
};
use tokio_util::sync::CancellationToken;

use super::claims::{Claims, MAX_ATTEMPTS};
use facture_store::{AttemptRecord, Store};

/// How long both tasks wait when the store cannot be read or written.
pub(super) const STORE_RETRY_DELAY: Duration = Duration::from_secs(1);

pub(super) struct Recorder {
    pub(super) store: Store,
    pub(super) claims: Claims,
    /// There is room for others.
    pub(super) room: Arc<Notify>,
}

impl Recorder {
    /// Goes on until nobody can send any more. What cannot be written by then will be sent again after the next start.
    pub(super) async fn run(
        &self,
        mut attempted: mpsc::Receiver<AttemptRecord>,
        stop: &CancellationToken,
    ) {
        let mut ended = Vec::new();
        while attempted.recv_many(&mut ended, MAX_ATTEMPTS).await > 0 {
            while let Err(error) = self.store.record(&ended).await {
                tracing::error!(%error, "what came of webhooks cannot be written");
                if stop.is_cancelled() {
                    return;
                }
                sleep(STORE_RETRY_DELAY).await;
            }
            for attempted in ended.drain(..) {
                self.claims.release(attempted.place);
            }
            self.room.notify_one();
        }
    }
}
