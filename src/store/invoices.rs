//! The mirror of our invoices on the node, and the units of work that change it.

use std::{ops::AddAssign, sync::Arc};

use jiff::Timestamp;
use sqlx::{Connection, SqliteConnection};

use super::{
    Cursor, Error, Store,
    changes::{Changes, Written},
    rows::{InvoiceRow, timestamp},
};
use crate::invoice::{EventKind, Invoice, Label, NodeId, Status};

/// What came of a page of the node's invoices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// How many invoices the mirror did not have.
    pub adopted: u64,
    /// How many that the mirror had were in another state there.
    pub changed: u64,
}

impl AddAssign for Merged {
    fn add_assign(&mut self, more: Self) {
        self.adopted += more.adopted;
        self.changed += more.changed;
    }
}

impl Store {
    /// Finds an invoice.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn find(&self, label: &Label) -> Result<Option<Arc<Invoice>>, Error> {
        if let Some(invoice) = self.remembered(label) {
            return Ok(Some(invoice));
        }
        // Boxed: most are in memory, and none of those who ask need room for a query then.
        Box::pin(self.read(label)).await
    }

    /// An invoice that was read or written lately.
    pub fn remembered(&self, label: &Label) -> Option<Arc<Invoice>> {
        self.recent.get(label)
    }

    async fn read(&self, label: &Label) -> Result<Option<Arc<Invoice>>, Error> {
        let reading = self.recent.reading();
        let mut reader = self.readers.acquire().await?;
        let found = find(&mut reader, label).await?.map(Arc::new);
        if let Some(invoice) = &found {
            self.recent.keep(reading, invoice);
        }
        Ok(found)
    }

    /// Takes in a page of what the node says of our invoices, and moves the cursor, all at once. What is no news changes
    /// nothing, so a page may come twice.
    ///
    /// # Errors
    /// [`Error`]: then nothing is changed, and the page is to be asked for again.
    pub async fn apply(
        &self,
        node: &NodeId,
        page: &[Invoice],
        cursor: Cursor,
    ) -> Result<Merged, Error> {
        let labels = || page.iter().map(|invoice| &invoice.label);
        // Kept to the end: until then no other unit of work finds in memory what this one makes void.
        let mut writer = self.writer.acquire().await?;
        let changing = self.recent.changing(labels());
        if self.bound.is(node)
            && let Some(changes) = Changes::remembered(&self.recent, labels())
        {
            // One statement is a unit of work by itself.
            match applied(changes, page, cursor, &mut writer).await {
                // By another process.
                Err(Error::Changed) => {}
                done => {
                    let (merged, written) = done?;
                    written.done(changing, &self.queue);
                    return Ok(merged);
                }
            }
        }
        let mut work = writer.begin_with("BEGIN IMMEDIATE").await?;
        self.bound.check(&mut work, node).await?;
        let changes = Changes::of(&mut work, labels()).await?;
        let (merged, written) = applied(changes, page, cursor, &mut work).await?;
        work.commit().await?;
        written.done(changing, &self.queue);
        Ok(merged)
    }

    /// Invoices that are still unpaid although their time ended before `before`, the oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn unpaid_since(&self, before: Timestamp, limit: u32) -> Result<Vec<Label>, Error> {
        let sql = "SELECT label FROM invoices WHERE status = 'unpaid' AND expires_at < $1 ORDER BY expires_at LIMIT $2";
        self.labels_before(sql, before, limit).await
    }

    /// Expired invoices whose time ended before `before` and that were not pruned yet, the oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn expired_before(&self, before: Timestamp, limit: u32) -> Result<Vec<Label>, Error> {
        let sql = "SELECT label FROM invoices WHERE status = 'expired' AND pruned_at IS NULL AND expires_at < $1 \
             ORDER BY expires_at LIMIT $2";
        self.labels_before(sql, before, limit).await
    }

    /// Writes down that an expired invoice was deleted from the node. Its row stays.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn pruned(&self, node: &NodeId, label: &Label) -> Result<(), Error> {
        let mut work = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        self.bound.check(&mut work, node).await?;
        sqlx::query("UPDATE invoices SET pruned_at = $1 WHERE label = $2")
            .bind(Timestamp::now().as_second())
            .bind(label.as_str())
            .execute(&mut *work)
            .await?;
        work.commit().await?;
        Ok(())
    }

    /// Writes down that the node has an unpaid invoice no more: nobody can pay it. Whether that is news.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn cancel(&self, node: &NodeId, label: &Label) -> Result<bool, Error> {
        let mut work = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let changing = self.recent.changing([label]);
        self.bound.check(&mut work, node).await?;
        let mut changes = Changes::of(&mut work, [label]).await?;
        let Some(invoice) = changes.get(label) else {
            return Ok(false);
        };
        if invoice.status != Status::Unpaid {
            return Ok(false);
        }
        let cancelled = Invoice {
            status: Status::Expired,
            cancelled_at: Some(timestamp(Timestamp::now().as_second())?),
            ..Invoice::clone(invoice)
        };
        changes.save_as(EventKind::Cancelled, cancelled);
        let written = changes.write(&mut work).await?;
        work.commit().await?;
        written.done(changing, &self.queue);
        Ok(true)
    }

    async fn labels_before(
        &self,
        sql: &'static str,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<Label>, Error> {
        let labels: Vec<String> = sqlx::query_scalar(sql)
            .bind(before.as_second())
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        Ok(labels.into_iter().map(Label::stored).collect())
    }
}

async fn applied(
    mut changes: Changes,
    page: &[Invoice],
    cursor: Cursor,
    work: &mut SqliteConnection,
) -> Result<(Merged, Written), Error> {
    let mut merged = Merged::default();
    for invoice in page {
        merged += changes.merge(invoice);
    }
    changes.reach(cursor);
    Ok((merged, changes.write(work).await?))
}

async fn find(work: &mut SqliteConnection, label: &Label) -> Result<Option<Invoice>, Error> {
    let row: Option<InvoiceRow> = sqlx::query_as("SELECT * FROM invoices WHERE label = $1")
        .bind(label.as_str())
        .fetch_optional(work)
        .await?;
    row.map(InvoiceRow::read).transpose()
}
