//! The number of unpaid invoices.

use crate::{error::Error, store::Store};

/// By the index that has all that is needed: the planner would rather read every invoice that is unpaid.
const COUNT_UNPAID: &str = "SELECT count(*) FROM (SELECT 1 FROM invoices INDEXED BY invoices_open \
     WHERE status = 'unpaid' LIMIT ?1) AS open";

impl Store {
    /// How many invoices can still be paid, at most `limit`: no more are looked at. An index holds them all, so a
    /// hundred thousand take a few milliseconds.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn count_unpaid(&self, limit: u32) -> Result<u32, Error> {
        self.query(move |connection| {
            let count: i64 = connection
                .prepare_cached(COUNT_UNPAID)?
                .query_row([limit], |row| row.get(0))?;
            Ok(u32::try_from(count).unwrap_or(u32::MAX))
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{opened, plan};

    #[tokio::test]
    async fn they_are_counted_by_an_index() {
        let (_directory, store, _) = opened().await;
        let plan = plan(&store, COUNT_UNPAID);
        assert!(plan.contains("INDEX invoices_open"), "{plan}");
    }
}
