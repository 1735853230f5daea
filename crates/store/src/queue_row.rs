//! The queue in which a delivery waits, as a row. Whatever changes deliveries refreshes the queues that they were in and are
//! in.

use crate::error::Error;
use crate::sql::{self, Row, Statements};

/// Which queue: the key of a row of `queues`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct QueueKey {
    /// Whether it is of the shop's own endpoints, for all invoices.
    pub(super) shop: bool,
    /// Host and port.
    pub(super) receiver: String,
}

impl QueueKey {
    /// What [`QueueKey::from_row`] reads, for a query of `deliveries` or its `RETURNING`.
    pub(super) const COLUMNS: &str = "deliveries.shop, deliveries.receiver";

    /// Of a row that begins with [`QueueKey::COLUMNS`].
    pub(super) fn from_row(row: &Row<'_>) -> sql::Result<Self> {
        Ok(Self {
            shop: row.get(0)?,
            receiver: row.get(1)?,
        })
    }

    /// Writes down which delivery is first in this queue by now, and when it is due: not before the last attempt there
    /// began, so that those who wait for one take turns.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub(super) fn refresh(&self, database: &impl Statements) -> Result<(), Error> {
        let waits = database
            .prepare_cached(
                "INSERT INTO queues (shop, receiver, due_at, place) \
                     SELECT shop, receiver, next_attempt_at, place FROM deliveries \
                     WHERE state = 'pending' AND shop = ?1 AND receiver = ?2 \
                     ORDER BY next_attempt_at, place LIMIT 1 \
                 ON CONFLICT (shop, receiver) DO UPDATE \
                 SET due_at = CASE WHEN excluded.due_at > queues.attempted_at THEN excluded.due_at ELSE queues.attempted_at END, \
                 place = excluded.place",
            )?
            .execute((self.shop, &self.receiver))?;
        if waits == 0 {
            database
                .prepare_cached(
                    "UPDATE queues SET due_at = NULL, place = NULL WHERE shop = ?1 AND receiver = ?2",
                )?
                .execute((self.shop, &self.receiver))?;
        }
        Ok(())
    }
}

/// Refreshes each of these queues once.
pub(super) fn refresh_all(
    database: &impl Statements,
    mut queues: Vec<QueueKey>,
) -> Result<(), Error> {
    queues.sort_unstable();
    queues.dedup();
    queues.iter().try_for_each(|queue| queue.refresh(database))
}
