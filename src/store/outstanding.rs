//! How many invoices wait for a payment.

use super::{Error, Store};

impl Store {
    /// How many invoices can still be paid, at most `limit`: no more are looked at. An index holds them all, so a
    /// hundred thousand take a few milliseconds.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn count_unpaid(&self, limit: u32) -> Result<u32, Error> {
        self.query(move |connection| {
            let count: i64 = connection
                .prepare_cached(
                    "SELECT count(*) FROM \
                     (SELECT 1 FROM invoices WHERE status = 'unpaid' LIMIT ?1) AS open",
                )?
                .query_row([limit], |row| row.get(0))?;
            Ok(u32::try_from(count).unwrap_or(u32::MAX))
        })
        .await
    }
}
