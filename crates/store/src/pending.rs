//! Pending deliveries of an endpoint that was changed, disabled or deleted.

use crate::{
    error::Error,
    queue_row::{QueueKey, refresh_all},
    replay::MAX_BATCH,
    sql::{Row, all},
    store::Store,
    unit::UnitOfWork,
};
use facture_domain::hook::EndpointId;

impl Store {
    /// Drops the pending deliveries of an endpoint that is disabled or gone.
    pub(super) async fn drop_waiting(&self, id: &EndpointId) -> Result<(), Error> {
        self.in_batches(id, |unit, id| {
            let sql = format!(
                "UPDATE deliveries SET state = 'dropped' WHERE place IN ( \
                     SELECT place FROM deliveries WHERE endpoint = ?1 AND state = 'pending' LIMIT ?2) \
                 AND NOT EXISTS (SELECT 1 FROM endpoints WHERE id = ?1 AND state = 'enabled') RETURNING {}",
                QueueKey::COLUMNS
            );
            let parameters = (id.as_str(), MAX_BATCH);
            let queues = all(unit, &sql, parameters, QueueKey::from_row, Ok)?;
            let dropped = queues.len();
            refresh_all(unit, queues)?;
            Ok(dropped)
        })
        .await
    }

    /// Moves the pending deliveries to the queue of the endpoint's new receiver. Until then they are sent there all the same.
    pub(super) async fn move_waiting(&self, id: &EndpointId) -> Result<(), Error> {
        self.in_batches(id, |unit, id| {
            let sql = format!(
                "SELECT {}, place, endpoints.receiver FROM deliveries JOIN endpoints ON endpoints.id = endpoint \
                 WHERE endpoint = ?1 AND deliveries.state = 'pending' AND deliveries.receiver <> endpoints.receiver \
                 LIMIT ?2",
                QueueKey::COLUMNS
            );
            let row = |row: &Row<'_>| Ok((QueueKey::from_row(row)?, row.get(2)?, row.get(3)?));
            let parameters = (id.as_str(), MAX_BATCH);
            let moved: Vec<(QueueKey, i64, String)> =
                all(unit, &sql, parameters, row, Ok)?;
            let count = moved.len();
            let mut queues = Vec::with_capacity(2 * count);
            for (from, place, receiver) in moved {
                let to = "UPDATE deliveries SET receiver = ?1 WHERE place = ?2";
                unit.execute(to, (&receiver, place))?;
                let shop = from.shop;
                queues.extend([from, QueueKey { shop, receiver }]);
            }
            refresh_all(unit, queues)?;
            Ok(count)
        })
        .await
    }

    /// Runs `change`, which returns how many deliveries it changed, until there are no more.
    async fn in_batches(
        &self,
        id: &EndpointId,
        change: fn(&UnitOfWork<'_>, &EndpointId) -> Result<usize, Error>,
    ) -> Result<(), Error> {
        loop {
            let id = id.clone();
            let changed = self.write(move |unit| {
                // It may have a receiver with room now.
                unit.deliveries_due();
                change(unit, &id)
            });
            if u32::try_from(changed.await?).is_ok_and(|changed| changed < MAX_BATCH) {
                return Ok(());
            }
        }
    }
}
