//! How far the records are, and how much is asked of the node already.

use tokio::sync::watch;

use crate::invoices::{error::Error, found::Freshness, invoicing::Invoicing};
use crate::sync::{Progress, Stale};
use facture_domain::Invoice;

impl Invoicing {
    /// How far the node's updates are in the store, to be watched.
    pub fn progress(&self) -> &watch::Receiver<Progress> {
        self.barrier.progress()
    }

    /// How current an invoice is that was read after the barrier let us pass, or not.
    pub(super) fn freshness(&self, invoice: &Invoice, passed: Result<(), Stale>) -> Freshness {
        // It was current when it was made, if never since.
        let made = invoice.created_at;
        match passed {
            Ok(()) if self.progress().borrow().unclear.contains(&invoice.label) => {
                Freshness::AsOf(made)
            }
            Ok(()) => Freshness::Current,
            Err(Stale { since }) => Freshness::AsOf(since.unwrap_or(made).max(made)),
        }
    }

    /// How many invoices can still be paid, at most `limit`, from our records.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn count_unpaid(&self, limit: u32) -> Result<u32, Error> {
        Ok(self.store.count_unpaid(limit).await?)
    }
}
