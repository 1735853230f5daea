//! Ends the orders that nobody began in their time.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::service::Payouts;
use facture_store::Error;

/// The most that end in one unit of work, so that no payment waits long for its turn.
const MAX_BATCH: u32 = 100;

/// The clock may be set: it is looked at so often.
const MAX_PAUSE: Duration = Duration::from_secs(60);

/// The pause after an error.
const RETRY_DELAY: Duration = Duration::from_secs(5);

impl Payouts {
    /// Ends orders as their time runs out, until `stopping` is cancelled.
    pub async fn run_expiry(&self, stopping: CancellationToken) {
        loop {
            let pause = match self.expire().await {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::warn!(%error, "orders of payouts could not be ended in time");
                    RETRY_DELAY
                }
            };
            tokio::select! {
                () = stopping.cancelled() => return,
                () = sleep(pause) => {}
                () = self.0.has_new_order.notified() => {}
            }
        }
    }

    /// Ends those whose time is over. Returns how long the next one has.
    async fn expire(&self) -> Result<Duration, Error> {
        let store = &self.0.store;
        let mut ended = 0;
        while let count @ 1.. = store.expire_payouts(MAX_BATCH).await? {
            ended += count;
        }
        if ended > 0 {
            tracing::info!(
                ended,
                "orders of payouts expired: no payer began them in time"
            );
        }
        let Some(next) = store.next_payout_expiry().await? else {
            return Ok(MAX_PAUSE);
        };
        let left = Duration::try_from(next.duration_since(Timestamp::now()));
        Ok(left.unwrap_or_default().min(MAX_PAUSE))
    }
}
