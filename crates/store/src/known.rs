//! Which of some invoices the mirror has.

use std::collections::HashSet;

use rusqlite::OptionalExtension;

use crate::{connection::all, error::Error, rows::json, store::Store};

impl Store {
    /// Those of these labels that the mirror has an invoice of.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn known(&self, labels: &[&str]) -> Result<HashSet<String>, Error> {
        let labels = json(labels)?;
        let known = self.query(move |connection| {
            all(
                connection,
                "SELECT label FROM invoices WHERE label IN (SELECT value FROM json_each(?1))",
                [labels],
                |row| row.get(0),
                Ok,
            )
        });
        Ok(known.await?.into_iter().collect())
    }

    /// Whether an invoice with this payment hash, in hexadecimal, is in the mirror under another label.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn has_payment_hash(&self, hash: &str, but: &str) -> Result<bool, Error> {
        self.look_up(|connection| {
            let found = connection
                .prepare_cached("SELECT 1 FROM invoices WHERE payment_hash = ?1 AND label <> ?2")?
                .query_row([hash, but], |_| Ok(()))
                .optional()?;
            Ok(found.is_some())
        })
    }
}
