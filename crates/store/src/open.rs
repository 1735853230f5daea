//! Invoices that can still be paid, in the order in which the node lists them, and what becomes of those that it has no
//! more.

use crate::{
    error::Error,
    rows::{from_sql, timestamp, to_sql},
    sql::{self, OptionalExtension, Row},
    store::Store,
};
use facture_domain::{EventKind, Invoice, Label, NodeId, OpenInvoice, Status};

/// A row of these queries.
type OpenRow = (i64, String, String);

impl Store {
    /// Unpaid invoices, hold invoices aside, after this number, in the order in which the node created them, at most `limit`.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn open_after(&self, number: u64, limit: u32) -> Result<Vec<OpenInvoice>, Error> {
        let after = to_sql(number)?;
        self.query(move |connection| {
            let mut query = connection.prepare_cached(
                "SELECT created_index, label, payment_hash FROM invoices WHERE status = 'unpaid' AND hold IS NULL AND created_index > ?1 \
                 ORDER BY created_index, label LIMIT ?2",
            )?;
            let rows = query.query_map((after, limit), open_row)?;
            rows.map(|row| read(row?)).collect()
        })
        .await
    }

    /// The unpaid invoice, hold invoices aside, that the node made last; `None` when there is none.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn newest_open(&self) -> Result<Option<OpenInvoice>, Error> {
        let row = self.lookup(|connection| {
            Ok(connection
                .prepare_cached(
                    "SELECT created_index, label, payment_hash FROM invoices WHERE status = 'unpaid' AND hold IS NULL \
                     ORDER BY created_index DESC LIMIT 1",
                )?
                .query_row([], open_row)
                .optional()?)
        })?;
        row.map(read).transpose()
    }

    /// Records that an invoice was paid although the node does not have the payment: nobody is to pay it any more.
    /// Returns whether that is new.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn payment_proven(&self, node: &NodeId, label: &Label) -> Result<bool, Error> {
        let label = label.clone();
        self.write_for(node, move |unit| {
            let Some(invoice) = unit.invoice(&label)? else {
                return Ok(false);
            };
            if matches!(invoice.status, Status::Paid(_)) || invoice.payment_proven_at.is_some() {
                return Ok(false);
            }
            let proven = Invoice {
                status: Status::Expired,
                // As it is read back.
                payment_proven_at: Some(timestamp(unit.now().as_second())?),
                ..Invoice::clone(&invoice)
            };
            unit.change(EventKind::PaymentProven, proven)?;
            Ok(true)
        })
        .await
    }
}

fn open_row(row: &Row<'_>) -> sql::Result<OpenRow> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn read((number, label, payment_hash): OpenRow) -> Result<OpenInvoice, Error> {
    Ok(OpenInvoice {
        number: from_sql(number)?,
        label: Label::stored(label),
        payment_hash: payment_hash
            .parse()
            .map_err(|_| Error::Corrupt("payment_hash"))?,
    })
}
