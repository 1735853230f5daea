//! Which of some labels the mirror has.

use std::collections::HashSet;

use super::{Error, Store, rows::json};

impl Store {
    /// Those of these labels that the mirror has an invoice of.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn known(&self, labels: &[&str]) -> Result<HashSet<String>, Error> {
        let sql = "SELECT label FROM invoices WHERE label IN (SELECT value FROM json_each($1))";
        let known: Vec<String> = sqlx::query_scalar(sql)
            .bind(json(labels)?)
            .fetch_all(&self.readers)
            .await?;
        Ok(known.into_iter().collect())
    }

    /// Whether an invoice with this payment hash, in hexadecimal, is in the mirror under another label.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn has_payment_hash(&self, hash: &str, but: &str) -> Result<bool, Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM invoices WHERE payment_hash = $1 AND label <> $2)";
        let found: i64 = sqlx::query_scalar(sql)
            .bind(hash)
            .bind(but)
            .fetch_one(&self.readers)
            .await?;
        Ok(found != 0)
    }
}
