//! The number of pending deliveries: a metric.

use facture_domain::hook::Backlog;

use crate::{
    error::Error,
    rows::{from_sql, timestamp},
    store::Store,
};

impl Store {
    /// The pending deliveries. An index holds exactly these.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn backlog(&self) -> Result<Backlog, Error> {
        self.query(|connection| {
            let (waiting, oldest): (i64, Option<i64>) = connection
                .prepare_cached(
                    "SELECT waiting, created_at FROM \
                     (SELECT count(*) AS waiting, min(place) AS first FROM deliveries WHERE state = 'pending') AS pending \
                     LEFT JOIN deliveries ON place = first",
                )?
                .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(Backlog {
                waiting: from_sql(waiting)?,
                oldest: oldest.map(timestamp).transpose()?,
            })
        })
        .await
    }
}
