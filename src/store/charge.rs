//! What the API of Lightning Charge needs: lists in the order of making, what was deleted through it, and the labels
//! that Lightning Charge itself made.

use super::{
    Error, Store,
    changes::Changes,
    endpoints::add_hook,
    rows::{InvoiceRow, to_sql},
};
use crate::invoice::{Hook, Invoice, Label, NodeId, Status};

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
        let (index, created_at, label) = match after {
            Some(last) => (
                to_sql(last.created_index)?,
                last.created_at.as_second(),
                last.label.as_str(),
            ),
            None => (-1, 0, ""),
        };
        let rows: Vec<InvoiceRow> = sqlx::query_as(
            "SELECT * FROM invoices WHERE (created_index, created_at, label) > ($1, $2, $3) \
             AND label NOT IN (SELECT label FROM charge_deleted) ORDER BY created_index, created_at, label LIMIT $4",
        )
        .bind(index)
        .bind(created_at)
        .bind(label)
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

    /// The labels that were imported.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn charge_labels(&self) -> Result<Vec<Label>, Error> {
        let labels: Vec<String> = sqlx::query_scalar("SELECT label FROM charge_labels")
            .fetch_all(&self.readers)
            .await?;
        Ok(labels.into_iter().map(Label::stored).collect())
    }

    /// Whether a label was imported.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn is_charge_label(&self, label: &Label) -> Result<bool, Error> {
        let sql = "SELECT EXISTS (SELECT 1 FROM charge_labels WHERE label = $1)";
        let found: i64 = sqlx::query_scalar(sql)
            .bind(label.as_str())
            .fetch_one(&self.readers)
            .await?;
        Ok(found != 0)
    }

    /// Takes over one invoice of Lightning Charge: it is written as it was there, and then moves to `now`, which is where
    /// it stands on the node. What happened before is no event of ours; whoever is to be told is told of the rest.
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
        let mut work = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let label = &invoice.label;
        let changing = self.recent.changing([label]);
        self.bound.check(&mut work, node).await?;
        sqlx::query("INSERT INTO charge_labels (label) VALUES ($1)")
            .bind(label.as_str())
            .execute(&mut *work)
            .await?;
        for hook in hooks {
            add_hook(&mut work, label, hook).await?;
        }
        let mut changes = Changes::default();
        changes.save(invoice.clone());
        changes.advance(label, now);
        let written = changes.write(&mut work).await?;
        work.commit().await?;
        written.done(changing, &self.queue);
        Ok(())
    }
}
