//! What a payer has to do, and waiting for more.

use tokio::time::{Instant, timeout_at};

use super::{error::Error, service::Payouts};
use facture_domain::{
    EventKind,
    payout::{PayerId, Payout, PayoutState},
};

/// What a payer has to do.
#[derive(Clone, Debug)]
pub struct Work {
    /// What it began and has not ended, then the orders that nobody began, the oldest first.
    pub payouts: Vec<Payout>,
    /// Up to where in the event log this is known: something that comes later may change it.
    pub sequence: u64,
}

/// The most payouts of each kind.
const LIMIT: u32 = 100;

impl Payouts {
    /// What this payer has to do, which also shows that it is there. With `after`, at once if a payout changed after that
    /// place in the event log; without it, at once if there is something to do. Otherwise it waits until one of both, or
    /// until `deadline`.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn work(
        &self,
        payer: &PayerId,
        after: Option<u64>,
        deadline: Instant,
    ) -> Result<Work, Error> {
        let parts = &*self.0;
        parts.presence.seen();
        // First, so that nothing that comes meanwhile is missed.
        let mut listener = parts.store.hub().listen_all();
        loop {
            // Before what there is to do is read: what has changed is in it then.
            let has_changed = match after {
                None => false,
                Some(after) => self.has_changed(after).await?,
            };
            let sequence = parts.store.last_event().await?;
            let payouts = parts.store.payout_work(payer, LIMIT).await?;
            parts.presence.seen();
            let is_news = match after {
                None => !payouts.is_empty(),
                // A place that was never reached is of other records.
                Some(after) => has_changed || after > sequence,
            };
            if is_news || timeout_at(deadline, listener.changed()).await.is_err() {
                return Ok(Work { payouts, sequence });
            }
        }
    }

    /// Whether a payout changed after this place in the event log.
    async fn has_changed(&self, after: u64) -> Result<bool, Error> {
        let kinds = PayoutState::ALL.map(EventKind::Payout);
        let events = self.0.store.events(after, &kinds, 1).await?;
        Ok(!events.is_empty())
    }
}
