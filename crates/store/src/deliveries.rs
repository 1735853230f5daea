//! Events on their way to endpoints, as the owner of a shop sees them. How they are made is in `outbox.rs`, how they are
//! sent in `sending.rs`.

use crate::{
    audit, endpoints,
    error::Error,
    event_rows::of_invoice,
    hook_rows::{AttemptRow, DeliveryRow},
    replay,
    rows::to_sql,
    sql::{OptionalExtension, Statements, all},
    store::Store,
    unit::UnitOfWork,
};
use facture_domain::{
    Label,
    desk::NewAudit,
    hook::{Attempt, Delivery, DeliveryId, Endpoint, EndpointId, EndpointState, Queued},
};

impl Store {
    /// An endpoint's deliveries, the newest first, at most `limit`; those before the place `before`, if it is given.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn deliveries(
        &self,
        endpoint: &EndpointId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<Delivery>, Error> {
        let before = before.map_or(i64::MAX, |before| i64::try_from(before).unwrap_or(i64::MAX));
        let endpoint = endpoint.clone();
        self.query(move |connection| {
            let sql = select("WHERE endpoint = ?1 AND place < ?2 ORDER BY place DESC LIMIT ?3");
            let parameters = (endpoint.as_str(), before, limit);
            all(
                connection,
                &sql,
                parameters,
                DeliveryRow::from_row,
                DeliveryRow::read,
            )
        })
        .await
    }

    /// A delivery with all attempts, the first one first; `None` when there is none.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn delivery(
        &self,
        id: &DeliveryId,
    ) -> Result<Option<(Delivery, Vec<Attempt>)>, Error> {
        self.lookup(|connection| {
            // Of one moment: an attempt may be written meanwhile.
            let reading = connection.snapshot()?;
            let Some(delivery) = find(&*reading, id)? else {
                return Ok(None);
            };
            let sql = format!("{} WHERE delivery = ?1 ORDER BY number", AttemptRow::SELECT);
            let place = [to_sql(delivery.place)?];
            let attempts = all(
                &*reading,
                &sql,
                place,
                AttemptRow::from_row,
                AttemptRow::read,
            )?;
            Ok(Some((delivery, attempts)))
        })
    }

    /// The deliveries of what happened to an invoice, the newest first, at most `limit`: to the endpoints that there are.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn deliveries_of(&self, label: &Label, limit: u32) -> Result<Vec<Delivery>, Error> {
        let label = label.clone();
        self.query(move |connection| {
            let sql = select(OF_INVOICE);
            let parameters = (label.as_str(), limit);
            let row = DeliveryRow::from_row;
            all(connection, &sql, parameters, row, DeliveryRow::read)
        })
        .await
    }

    /// Queues a delivery again, under its id, whatever its outcome was, with its entry in the audit log, if it has one.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn redeliver(
        &self,
        id: &DeliveryId,
        entry: Option<NewAudit>,
    ) -> Result<Queued<Delivery>, Error> {
        let id = id.clone();
        self.write(move |unit| {
            let Some(delivery) = find(unit, &id)? else {
                return Ok(Queued::NotFound);
            };
            let endpoint = match enabled(unit, &delivery.endpoint)? {
                Ok(endpoint) => endpoint,
                Err(none) => return Ok(none),
            };
            unit.deliver_again(delivery.place, &endpoint)?;
            audit::write_if(unit, entry.as_ref())?;
            due(unit, &id)
        })
        .await
    }

    /// Queues all events after the number `after`, up to the number `up_to` if there is one, that are for an endpoint, again or
    /// for the first time. Returns how many. It works in batches; when it is interrupted, call it again.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn redeliver_after(
        &self,
        id: &EndpointId,
        after: u64,
        up_to: Option<u64>,
    ) -> Result<Queued<u64>, Error> {
        let up_to = up_to.map_or(i64::MAX, |up_to| i64::try_from(up_to).unwrap_or(i64::MAX));
        let mut after = Some(i64::try_from(after).unwrap_or(i64::MAX));
        let mut queued = 0;
        while let Some(reached) = after {
            let id = id.clone();
            let page = self.write(move |unit| match enabled(unit, &id)? {
                Ok(endpoint) => Ok(Ok(replay::queue(unit, &endpoint, reached, up_to)?)),
                Err(none) => Ok(Err(none)),
            });
            match page.await? {
                Ok(page) => (after, queued) = (page.last, queued + page.queued),
                Err(none) => return Ok(none),
            }
        }
        Ok(Queued::Due(queued))
    }

    /// Queues a test delivery for an endpoint.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn test_delivery(&self, id: &EndpointId) -> Result<Queued<Delivery>, Error> {
        let id = id.clone();
        self.write(move |unit| {
            let endpoint = match enabled(unit, &id)? {
                Ok(endpoint) => endpoint,
                Err(none) => return Ok(none),
            };
            let delivery = unit.deliver_test(&endpoint)?;
            due(unit, &delivery)
        })
        .await
    }
}

/// Endpoint by endpoint and event by event: both are few, and so every one is found by the index of the two.
const OF_INVOICE: &str = concat!(
    "WHERE endpoint IN (SELECT id FROM endpoints WHERE label IS NULL UNION ALL SELECT id FROM endpoints WHERE label = ?1) \
     AND sequence IN (SELECT sequence FROM events WHERE ",
    of_invoice!(),
    ") ORDER BY place DESC LIMIT ?2"
);

/// The endpoint, or why nothing is sent there.
fn enabled<T>(
    unit: &UnitOfWork<'_>,
    id: &EndpointId,
) -> Result<Result<Endpoint, Queued<T>>, Error> {
    Ok(match endpoints::find(unit, id)? {
        None => Err(Queued::NotFound),
        Some(endpoint) => match endpoint.state {
            EndpointState::Enabled => Ok(endpoint),
            EndpointState::Disabled(_) => Err(Queued::Disabled),
        },
    })
}

fn due(unit: &UnitOfWork<'_>, id: &DeliveryId) -> Result<Queued<Delivery>, Error> {
    let delivery = find(unit, id)?.ok_or(Error::Corrupt("delivery"))?;
    Ok(Queued::Due(delivery))
}

fn find(database: &impl Statements, id: &DeliveryId) -> Result<Option<Delivery>, Error> {
    let row = database
        .prepare_cached(&select("WHERE id = ?1"))?
        .query_row([id.as_str()], DeliveryRow::from_row)
        .optional()?;
    row.map(DeliveryRow::read).transpose()
}

fn select(which: &str) -> String {
    format!("{} {which}", DeliveryRow::SELECT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{opened, plan};

    #[tokio::test]
    async fn the_deliveries_of_an_invoice_are_found_by_an_index() {
        let (_directory, store, _) = opened().await;
        let plan = plan(&store, &select(OF_INVOICE));
        assert!(plan.contains("(endpoint=? AND sequence=?)"), "{plan}");
    }
}
