//! How many invoices wait for a payment.

use super::{Error, Store};

impl Store {
    /// How many invoices can still be paid, at most `limit`: no more are looked at. An index holds them all, so a
    /// hundred thousand take a few milliseconds.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn count_unpaid(&self, limit: u32) -> Result<u32, Error> {
        let count: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM (SELECT 1 FROM invoices WHERE status = 'unpaid' LIMIT $1) AS open",
        )
        .bind(limit)
        .fetch_one(&self.readers)
        .await?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }
}
