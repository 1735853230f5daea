//! What the API of Lightning Charge needs: lists in the order of making, what was deleted through it, and the labels
//! that Lightning Charge itself made.

use std::sync::Arc;

use crate::{
    endpoints::add_hook,
    error::Error,
    rows::{InvoiceRow, SELECT_INVOICES, to_sql},
    samples::NO_SAMPLES,
    sql::{Connection, all},
    store::Store,
};
use facture_domain::{Hook, Invoice, Label, NodeId, Status};

impl Store {
    /// Invoices that were not deleted through Lightning Charge's API, in the order of making, those after this one, at
    /// most `limit`.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn charge_invoices(
        &self,
        after: Option<&Invoice>,
        limit: u32,
    ) -> Result<Vec<Invoice>, Error> {
        let (created_at, index, label) = match after {
            Some(last) => (
                last.created_at.as_second(),
                to_sql(last.number)?,
                last.label.to_string(),
            ),
            None => (i64::MIN, 0, String::new()),
        };
        self.query(move |connection| {
            let sql = format!(
                "{SELECT_INVOICES} WHERE (created_at, created_index, rowid) \
                     > (?1, ?2, coalesce((SELECT rowid FROM invoices WHERE label = ?3), 0)) \
                 AND label NOT IN (SELECT label FROM charge_deleted) AND {NO_SAMPLES} \
                 ORDER BY created_at, created_index, rowid LIMIT ?4"
            );
            let parameters = (created_at, index, label, limit);
            all(
                connection,
                &sql,
                parameters,
                InvoiceRow::from_row,
                InvoiceRow::read,
            )
        })
        .await
    }

    /// Whether an invoice was deleted through Lightning Charge's API.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn is_charge_deleted(&self, label: &Label) -> Result<bool, Error> {
        self.lookup(|connection| {
            has(
                connection,
                "SELECT 1 FROM charge_deleted WHERE label = ?1",
                label,
            )
        })
    }

    /// Records that an invoice was deleted through Lightning Charge's API. Its row stays.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn charge_delete(&self, label: &Label) -> Result<(), Error> {
        let label = label.clone();
        self.write(move |unit| {
            let sql = "INSERT INTO charge_deleted (label) VALUES (?1) ON CONFLICT DO NOTHING";
            unit.execute(sql, [label.as_str()])?;
            unit.touch(&label);
            Ok(())
        })
        .await
    }

    /// The labels that were imported.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn charge_labels(&self) -> Result<Vec<Label>, Error> {
        self.query(|connection| {
            let sql = "SELECT label FROM charge_labels";
            all(
                connection,
                sql,
                [],
                |row| row.get(0),
                |label| Ok(Label::stored(label)),
            )
        })
        .await
    }

    /// Whether a label was imported.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn is_charge_label(&self, label: &Label) -> Result<bool, Error> {
        self.lookup(|connection| {
            has(
                connection,
                "SELECT 1 FROM charge_labels WHERE label = ?1",
                label,
            )
        })
    }

    /// Takes over one invoice of Lightning Charge: it is written as it was there, and then moves to `now`, which is where
    /// it stands on the node. What happened before is no event of ours; the hooks receive the later events.
    ///
    /// # Errors
    /// [`Error`]: then nothing is changed.
    pub async fn import_charge(
        &self,
        node: &NodeId,
        invoice: Invoice,
        now: &Status,
        hooks: &[Hook],
    ) -> Result<(), Error> {
        let (now, hooks) = (now.clone(), hooks.to_vec());
        let invoice = Arc::new(invoice);
        self.write_for(node, move |unit| {
            let label = &invoice.label;
            unit.execute(
                "INSERT INTO charge_labels (label) VALUES (?1)",
                [label.as_str()],
            )?;
            for hook in &hooks {
                add_hook(unit, label, hook)?;
            }
            if !unit.insert(&invoice)? {
                // It was ours before.
                unit.update(&invoice)?;
            }
            let reported = Invoice {
                status: now.clone(),
                cancelled_at: None,
                ..Invoice::clone(&invoice)
            };
            unit.transition(&invoice, &reported)?;
            Ok(())
        })
        .await
    }
}

fn has(connection: &Connection, sql: &str, label: &Label) -> Result<bool, Error> {
    Ok(connection.prepare_cached(sql)?.exists([label.as_str()])?)
}
