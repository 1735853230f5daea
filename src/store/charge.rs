//! What the API of Lightning Charge needs: lists in the order of making, and what was deleted through it.

use super::{
    Error, Store,
    rows::{InvoiceRow, from_sql, to_sql},
};
use crate::invoice::{Invoice, Label};

impl Store {
    /// Invoices that were not deleted through Lightning Charge's API, made after the index `after`, in the order of
    /// making, at most `limit`.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn charge_invoices(&self, after: u64, limit: u32) -> Result<Vec<Invoice>, Error> {
        let rows: Vec<InvoiceRow> = sqlx::query_as(
            "SELECT * FROM invoices WHERE created_index > $1 \
             AND label NOT IN (SELECT label FROM charge_deleted) ORDER BY created_index LIMIT $2",
        )
        .bind(to_sql(after)?)
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(InvoiceRow::read).collect()
    }

    /// Whether an invoice was deleted through Lightning Charge's API.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn is_charge_deleted(&self, label: &Label) -> Result<bool, Error> {
        let found: i64 =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM charge_deleted WHERE label = $1)")
                .bind(label.as_str())
                .fetch_one(&self.readers)
                .await?;
        Ok(found != 0)
    }

    /// Writes down that an invoice was deleted through Lightning Charge's API. Its row stays.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn charge_delete(&self, label: &Label) -> Result<(), Error> {
        sqlx::query("INSERT INTO charge_deleted (label) VALUES ($1) ON CONFLICT DO NOTHING")
            .bind(label.as_str())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// The number of the last event; 0 while there is none.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn last_event(&self) -> Result<u64, Error> {
        let last: i64 = sqlx::query_scalar("SELECT coalesce(max(sequence), 0) FROM events")
            .fetch_one(&self.readers)
            .await?;
        from_sql(last)
    }
}
