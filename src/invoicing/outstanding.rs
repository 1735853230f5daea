//! How much is asked of the node already.

use tokio::sync::watch;

use super::{Error, Invoicing};
use crate::follower::Progress;

impl Invoicing {
    /// How far the node's updates are in the store, for whoever watches.
    pub fn progress(&self) -> &watch::Receiver<Progress> {
        self.barrier.progress()
    }

    /// How many invoices can still be paid, at most `limit`, from our records.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn count_unpaid(&self, limit: u32) -> Result<u32, Error> {
        Ok(self.store.count_unpaid(limit).await?)
    }
}
