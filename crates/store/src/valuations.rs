//! What payments were worth in another currency when they arrived: written once, some time after the payment, which waits for
//! no rate.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    connection::all,
    error::Error,
    rows::{InvoiceRow, SELECT_INVOICES},
    store::Store,
};
use facture_domain::{Invoice, Label, Valuation};

impl Store {
    /// Payments since then with a price in another currency whose worth is not known yet, the oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn to_value(&self, since: Timestamp, limit: u32) -> Result<Vec<Invoice>, Error> {
        self.query(move |connection| {
            let sql = format!("{SELECT_INVOICES} {TO_VALUE}");
            all(
                connection,
                &sql,
                (since.as_second(), limit),
                InvoiceRow::from_row,
                InvoiceRow::read,
            )
        })
        .await
    }

    /// Writes what a payment was worth. What was written before stays.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn value(&self, label: &Label, valuation: Valuation) -> Result<(), Error> {
        let label = label.clone();
        self.write(move |unit| {
            let Some(known) = unit.invoice(&label)? else {
                return Ok(());
            };
            if known.valuation.is_some() {
                return Ok(());
            }
            unit.set_valuation(Arc::new(Invoice {
                valuation: Some(valuation.clone()),
                ..Invoice::clone(&known)
            }))
        })
        .await
    }
}

const TO_VALUE: &str = "INDEXED BY invoices_to_value WHERE status = 'paid' AND rate IS NOT NULL AND paid_rate IS NULL AND paid_at >= ?1 \
     ORDER BY paid_at LIMIT ?2";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{opened, plan};

    #[tokio::test]
    async fn they_are_found_by_an_index() {
        let (_directory, store, _) = opened().await;
        let plan = plan(&store, &format!("{SELECT_INVOICES} {TO_VALUE}"));
        assert!(plan.contains("INDEX invoices_to_value"), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }
}
