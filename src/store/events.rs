//! The event log: one numbered list of all that happened.

use jiff::Timestamp;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::{
    Error, Store, deliveries,
    rows::{EventRow, InvoiceRow, from_sql, to_sql},
};
use crate::{
    invoice::{EventKind, Invoice, InvoiceEvent, Label},
    metrics,
};

impl Store {
    /// What happened to one invoice after the event number `after`, in order.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn events_of(&self, label: &Label, after: u64) -> Result<Vec<InvoiceEvent>, Error> {
        let rows: Vec<EventRow> = sqlx::query_as(
            "SELECT sequence, kind, recorded_at, invoice FROM events \
             WHERE label = $1 AND sequence > $2 ORDER BY sequence",
        )
        .bind(label.as_str())
        .bind(to_sql(after.min(i64::MAX.unsigned_abs()))?)
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(EventRow::read).collect()
    }

    /// What happened after the event number `after`, in order, at most `limit` events, of these kinds.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn events(
        &self,
        after: u64,
        kinds: &[EventKind],
        limit: u32,
    ) -> Result<Vec<InvoiceEvent>, Error> {
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT sequence, kind, recorded_at, invoice FROM events WHERE sequence > ",
        );
        query.push_bind(to_sql(after.min(i64::MAX.unsigned_abs()))?);
        // All of them need not be compared.
        if !EventKind::ALL.iter().all(|kind| kinds.contains(kind)) {
            query.push(" AND kind IN (");
            let mut list = query.separated(", ");
            for kind in kinds {
                list.push_bind(kind.as_str());
            }
            query.push(")");
        }
        query
            .push(" ORDER BY sequence LIMIT ")
            .push_bind(i64::from(limit));
        let rows: Vec<EventRow> = query.build_query_as().fetch_all(&self.readers).await?;
        rows.into_iter().map(EventRow::read).collect()
    }

    /// The number of the last event; 0 while there is none.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn last_event(&self) -> Result<u64, Error> {
        let last: Option<i64> = sqlx::query_scalar("SELECT max(sequence) FROM events")
            .fetch_one(&self.readers)
            .await?;
        from_sql(last.unwrap_or(0))
    }
}

/// Inside a unit of work: writes an event down, and a delivery to everyone that is to be told.
pub(super) async fn append(
    work: &mut SqliteConnection,
    kind: EventKind,
    invoice: &Invoice,
) -> Result<InvoiceEvent, Error> {
    // Whole seconds, so that what we hand out now is what is read later.
    let recorded_at =
        Timestamp::from_second(Timestamp::now().as_second()).map_err(|_| Error::Damaged("time"))?;
    let sequence: i64 = sqlx::query_scalar(
        "INSERT INTO events (kind, label, recorded_at, invoice) VALUES ($1, $2, $3, $4) RETURNING sequence",
    )
    .bind(kind.as_str())
    .bind(invoice.label.as_str())
    .bind(recorded_at.as_second())
    .bind(InvoiceRow::of(invoice)?.to_json()?)
    .fetch_one(&mut *work)
    .await?;
    let event = InvoiceEvent {
        sequence: from_sql(sequence)?,
        kind,
        recorded_at,
        invoice: invoice.clone(),
    };
    deliveries::enqueue(work, &event).await?;
    metrics::invoice_event(kind.as_str());
    Ok(event)
}
