//! How much is asked of the node already.

use super::{Error, Invoicing};

impl Invoicing {
    /// How many invoices can still be paid, at most `limit`, from our records.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn count_unpaid(&self, limit: u32) -> Result<u32, Error> {
        Ok(self.store.count_unpaid(limit).await?)
    }
}
