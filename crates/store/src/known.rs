//! Which invoices the mirror has.

use std::collections::HashSet;

use crate::{error::Error, sql::OptionalExtension, store::Store};

impl Store {
    /// Those of these labels that the mirror has an invoice of.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn known(&self, labels: &[&str]) -> Result<HashSet<String>, Error> {
        let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
        self.query(move |connection| {
            let mut select =
                connection.prepare_cached("SELECT 1 FROM invoices WHERE label = ?1")?;
            let mut known = HashSet::new();
            for label in labels {
                if select.exists([&label])? {
                    known.insert(label);
                }
            }
            Ok(known)
        })
        .await
    }

    /// Whether an invoice with this payment hash, in hexadecimal, is in the mirror under another label.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn has_payment_hash(&self, hash: &str, but: &str) -> Result<bool, Error> {
        self.lookup(|connection| {
            let found = connection
                .prepare_cached(
                    "SELECT 1 FROM invoices WHERE substr(payment_hash, 1, 16) = substr(?1, 1, 16) \
                     AND payment_hash = ?1 AND label <> ?2",
                )?
                .query_row([hash, but], |_| Ok(()))
                .optional()?;
            Ok(found.is_some())
        })
    }
}
