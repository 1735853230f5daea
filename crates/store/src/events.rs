//! The event log: one numbered list of all that happened.

use std::fmt::Write;

use crate::{
    error::Error,
    event_rows::{EventRow, of_invoice},
    sequence,
    sql::{ToSql, all},
    store::Store,
};
use facture_domain::{Event, EventKind, Label};

impl Store {
    /// What happened to one invoice after the event number `after`, in order.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn events_of(&self, label: &Label, after: u64) -> Result<Vec<Event>, Error> {
        self.lookup(|connection| {
            // They are few.
            let which = concat!(of_invoice!(), " AND sequence > ?2 ORDER BY sequence");
            let sql = format!("{} WHERE {which}", EventRow::SELECT);
            let parameters = (label.as_str(), to_sequence(after));
            all(
                connection,
                &sql,
                parameters,
                EventRow::from_row,
                EventRow::read,
            )
        })
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
    ) -> Result<Vec<Event>, Error> {
        // All of them need not be compared.
        let is_all = EventKind::ALL.iter().all(|kind| kinds.contains(kind));
        let kinds = if is_all { Vec::new() } else { kinds.to_vec() };
        if !is_all && kinds.is_empty() {
            return Ok(Vec::new());
        }
        self.query(move |connection| {
            let mut sql = format!("{} WHERE sequence > ?1", EventRow::SELECT);
            let names: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
            let (after, limit) = (to_sequence(after), i64::from(limit));
            let mut parameters: Vec<&dyn ToSql> = vec![&after, &limit];
            for (number, name) in names.iter().enumerate() {
                sql.push_str(if number == 0 { " AND kind IN (" } else { ", " });
                // Writing to a string cannot fail.
                let _ = write!(sql, "?{}", number + 3);
                parameters.push(name);
            }
            sql.push_str(if names.is_empty() { "" } else { ")" });
            if !names.is_empty() && !names.contains(&EventKind::Created.as_str()) {
                // In these words, for the index that leaves them out.
                sql.push_str(" AND kind <> 'invoice.created'");
            }
            sql.push_str(" ORDER BY sequence LIMIT ?2");
            all(
                connection,
                &sql,
                &*parameters,
                EventRow::from_row,
                EventRow::read,
            )
        })
        .await
    }

    /// The number of the last event that there ever was; 0: none.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn last_event(&self) -> Result<u64, Error> {
        self.lookup(sequence::last)
    }
}

/// Of numbers that no event can have, the highest stands for all.
fn to_sequence(after: u64) -> i64 {
    i64::try_from(after).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{opened, plan};

    #[tokio::test]
    async fn the_events_of_an_invoice_are_found_by_an_index_in_their_order() {
        let (_directory, store, _) = opened().await;
        let sql = concat!(
            "SELECT 1 FROM events WHERE ",
            of_invoice!(),
            " AND sequence > 5 ORDER BY sequence"
        );
        let plan = plan(&store, sql);
        let index = "events_of_invoice (invoice_number=? AND sequence>?)";
        assert!(plan.contains(index), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }

    #[tokio::test]
    async fn payments_are_found_by_an_index() {
        let (_directory, store, _) = opened().await;
        let sql = "SELECT 1 FROM events WHERE sequence > ?1 AND kind IN (?3) AND kind <> 'invoice.created' \
                   ORDER BY sequence LIMIT ?2";
        let plan = plan(&store, sql);
        assert!(
            plan.contains("events_kind (kind=? AND sequence>?"),
            "{plan}"
        );
    }
}
