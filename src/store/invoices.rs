//! The mirror of our invoices on the node, and the units of work that change it.

use std::sync::Arc;

use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::{
    Cursor, Error, Store,
    cursor::{bound, move_cursor},
    events::append,
    rows::InvoiceRow,
};
use crate::invoice::{EventKind, Invoice, InvoiceEvent, Label, NodeId, Order, Status};

/// What came of a page of the node's invoices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// How many invoices the mirror did not have.
    pub adopted: u64,
    /// How many that the mirror had were in another state there.
    pub changed: u64,
}

impl Store {
    /// Finds an invoice.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn find(&self, label: &Label) -> Result<Option<Arc<Invoice>>, Error> {
        if let Some(invoice) = self.recent.get(label) {
            return Ok(Some(invoice));
        }
        let reading = self.recent.reading();
        let mut reader = self.readers.acquire().await?;
        let found = find(&mut reader, label).await?.map(Arc::new);
        if let Some(invoice) = &found {
            self.recent.keep(reading, invoice);
        }
        Ok(found)
    }

    /// An invoice, if it was read or written lately. The database is not asked.
    pub fn remembered(&self, label: &Label) -> Option<Arc<Invoice>> {
        self.recent.get(label)
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
        let mut work = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let labels = page.iter().map(|invoice| &invoice.label);
        let changing = self.recent.changing(labels);
        bound(&mut work, node).await?;
        let mut merged = Merged::default();
        let mut written = Vec::with_capacity(page.len());
        for invoice in page {
            written.push(Arc::new(merge(&mut work, invoice, &mut merged).await?));
        }
        move_cursor(&mut work, cursor).await?;
        work.commit().await?;
        changing.done(&written);
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
        bound(&mut work, node).await?;
        sqlx::query("UPDATE invoices SET pruned_at = $1 WHERE label = $2")
            .bind(Timestamp::now().as_second())
            .bind(label.as_str())
            .execute(&mut *work)
            .await?;
        work.commit().await?;
        Ok(())
    }

    /// Writes down that the node has an unpaid invoice no more: nobody can pay it. `None` when that is no news.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn cancel(
        &self,
        node: &NodeId,
        label: &Label,
    ) -> Result<Option<InvoiceEvent>, Error> {
        let mut work = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let _forgotten = self.recent.changing([label]);
        bound(&mut work, node).await?;
        let Some(mut invoice) = find(&mut work, label).await? else {
            return Ok(None);
        };
        if invoice.status != Status::Unpaid {
            return Ok(None);
        }
        invoice.status = Status::Expired;
        invoice.cancelled_at = Timestamp::from_second(Timestamp::now().as_second()).ok();
        save(&mut work, &invoice).await?;
        let event = append(&mut work, EventKind::Cancelled, &invoice).await?;
        work.commit().await?;
        Ok(Some(event))
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

/// Inside a unit of work: one invoice as the node has it, and the events that this is. Returns it as it is then.
pub(super) async fn merge(
    work: &mut SqliteConnection,
    reported: &Invoice,
    merged: &mut Merged,
) -> Result<Invoice, Error> {
    match find(work, &reported.label).await? {
        Some(mut known) => {
            // Whoever was first may have had only what the node tells.
            let mut order = reported.order.clone();
            if order.warnings.is_empty() {
                // Of two that made it at the same time, one heard the node's warnings.
                order.warnings.clone_from(&known.order.warnings);
            }
            if reported.order != Order::default() && order != known.order {
                known.order = order;
                save(work, &known).await?;
            }
            let (now, event) = advance(work, known, &reported.status).await?;
            merged.changed += u64::from(event.is_some());
            Ok(now)
        }
        None => {
            let made = Invoice {
                status: Status::Unpaid,
                ..reported.clone()
            };
            save(work, &made).await?;
            append(work, EventKind::Created, &made).await?;
            merged.adopted += 1;
            let (now, _) = advance(work, made, &reported.status).await?;
            Ok(now)
        }
    }
}

/// Inside a unit of work: the move to what the node says, if it is one; no event when it is no news.
pub(super) async fn advance(
    work: &mut SqliteConnection,
    known: Invoice,
    reported: &Status,
) -> Result<(Invoice, Option<EventKind>), Error> {
    let Some(kind) = known.status.event(reported) else {
        return Ok((known, None));
    };
    let now = Invoice {
        status: reported.clone(),
        cancelled_at: None,
        ..known
    };
    save(work, &now).await?;
    append(work, kind, &now).await?;
    Ok((now, Some(kind)))
}

async fn find(work: &mut SqliteConnection, label: &Label) -> Result<Option<Invoice>, Error> {
    let row: Option<InvoiceRow> = sqlx::query_as("SELECT * FROM invoices WHERE label = $1")
        .bind(label.as_str())
        .fetch_optional(work)
        .await?;
    row.map(InvoiceRow::read).transpose()
}

/// Inside a unit of work: writes an invoice down.
pub(super) async fn save(work: &mut SqliteConnection, invoice: &Invoice) -> Result<(), Error> {
    let row = InvoiceRow::of(invoice)?;
    sqlx::query(
        "INSERT INTO invoices (label, created_index, amount_msat, description, bolt11, payment_hash, created_at, \
         expires_at, status, amount_received_msat, paid_at, pay_index, cancelled_at, order_id, metadata, redirect_url, \
         quote_currency, quote_amount, renewal_of, warnings) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) \
         ON CONFLICT (label) DO UPDATE SET status = excluded.status, \
         amount_received_msat = excluded.amount_received_msat, paid_at = excluded.paid_at, \
         pay_index = excluded.pay_index, cancelled_at = excluded.cancelled_at, order_id = excluded.order_id, \
         metadata = excluded.metadata, redirect_url = excluded.redirect_url, \
         quote_currency = excluded.quote_currency, quote_amount = excluded.quote_amount, \
         warnings = excluded.warnings, \
         renewal_of = excluded.renewal_of",
    )
    .bind(row.label)
    .bind(row.created_index)
    .bind(row.amount_msat)
    .bind(row.description)
    .bind(row.bolt11)
    .bind(row.payment_hash)
    .bind(row.created_at)
    .bind(row.expires_at)
    .bind(row.status)
    .bind(row.amount_received_msat)
    .bind(row.paid_at)
    .bind(row.pay_index)
    .bind(row.cancelled_at)
    .bind(row.order_id)
    .bind(row.metadata)
    .bind(row.redirect_url)
    .bind(row.quote_currency)
    .bind(row.quote_amount)
    .bind(row.renewal_of)
    .bind(row.warnings)
    .execute(work)
    .await?;
    Ok(())
}
