//! The event log: one numbered list of all that happened.

use sqlx::{QueryBuilder, Sqlite};

use super::{
    Error, Store,
    rows::{EventRow, from_sql, to_sql},
};
use crate::invoice::{EventKind, InvoiceEvent, Label};

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
