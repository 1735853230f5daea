//! Invoices that can still be paid, in the order in which the node lists them, and what becomes of those that it has no
//! more.

use sqlx::Connection;

use super::{
    Error, Store,
    changes::Changes,
    rows::{from_sql, timestamp, to_sql},
};
use crate::invoice::{EventKind, Invoice, Label, NodeId, Status};
use jiff::Timestamp;

/// An invoice that can still be paid, as far as we know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Its place in lightningd's `created` index.
    pub created_index: u64,
    /// Its label.
    pub label: Label,
}

impl Store {
    /// Unpaid invoices after this place in the node's `created` index, in that order, at most `limit`.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn open_after(&self, created_index: u64, limit: u32) -> Result<Vec<Open>, Error> {
        let rows: Vec<(i64, String)> = sqlx::query_as(
            "SELECT created_index, label FROM invoices WHERE status = 'unpaid' AND created_index > $1 \
             ORDER BY created_index, label LIMIT $2",
        )
        .bind(to_sql(created_index)?)
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(Open::read).collect()
    }

    /// The unpaid invoice that the node made last; `None` when there is none.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn newest_open(&self) -> Result<Option<Open>, Error> {
        let row: Option<(i64, String)> = sqlx::query_as(
            "SELECT created_index, label FROM invoices WHERE status = 'unpaid' \
             ORDER BY created_index DESC LIMIT 1",
        )
        .fetch_optional(&self.readers)
        .await?;
        row.map(Open::read).transpose()
    }

    /// Writes down that an invoice was paid although the node does not have the payment: nobody is to pay it any more.
    /// Whether that is news.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn payment_proven(&self, node: &NodeId, label: &Label) -> Result<bool, Error> {
        let mut writer = self.writer.acquire().await?;
        let mut work = writer.begin_with("BEGIN IMMEDIATE").await?;
        let changing = self.recent.changing([label]);
        self.bound.check(&mut work, node).await?;
        let mut changes = Changes::of(&mut work, [label]).await?;
        let Some(invoice) = changes.get(label) else {
            return Ok(false);
        };
        if matches!(invoice.status, Status::Paid(_)) || invoice.payment_proven_at.is_some() {
            return Ok(false);
        }
        let now = Timestamp::now().as_second();
        let proven = Invoice {
            status: Status::Expired,
            payment_proven_at: Some(timestamp(now)?),
            ..Invoice::clone(invoice)
        };
        changes.save_as(EventKind::PaymentProven, proven);
        let written = changes.write(&mut work).await?;
        // The statement above is about what the node tells.
        sqlx::query("UPDATE invoices SET payment_proven_at = $1 WHERE label = $2")
            .bind(now)
            .bind(label.as_str())
            .execute(&mut *work)
            .await?;
        work.commit().await?;
        written.done(changing, &self.queue);
        Ok(true)
    }
}

impl Open {
    fn read((created_index, label): (i64, String)) -> Result<Self, Error> {
        Ok(Self {
            created_index: from_sql(created_index)?,
            label: Label::stored(label),
        })
    }
}
