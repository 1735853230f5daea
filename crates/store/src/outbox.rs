//! The outbox: a row for each event and each endpoint that it is for, written in the unit of work of the event, with
//! the queue that it waits in. `unit.rs` calls this and sees to the wake-up.

use jiff::Timestamp;

use crate::{
    error::Error,
    hook_rows::{hook, read_kinds},
    queue_row::{QueueKey, refresh_all},
    sql::{OptionalExtension, Statements},
};
use facture_domain::{
    EventKind, Hook, Subject,
    hook::{DeliveryId, Endpoint},
};

/// An event of the log that is to be delivered.
pub(super) struct LoggedEvent<'a> {
    pub(super) sequence: i64,
    pub(super) kind: EventKind,
    pub(super) subject: &'a Subject,
}

/// Where it is to be delivered.
struct Receiver<'a> {
    endpoint: &'a str,
    hook: &'a Hook,
    /// Whether the endpoint is one for everything, not for one invoice.
    is_shops: bool,
}

/// Makes a delivery of an event for every endpoint that it is for. Whether there is one.
pub(super) fn fill(
    database: &impl Statements,
    now: Timestamp,
    event: &LoggedEvent<'_>,
) -> Result<bool, Error> {
    let label = match event.subject {
        Subject::Invoice(label) => Some(label.as_str()),
        // No endpoint is one payout's.
        Subject::Payout(_) => None,
    };
    // Each by an index of its own: there is an endpoint for many an invoice.
    let mut select = database.prepare_cached(
        "SELECT id, url, format, kinds, token, true FROM endpoints WHERE label IS NULL AND state = 'enabled' \
             AND (format <> 'btcpay' OR EXISTS ( \
                 SELECT 1 FROM invoices WHERE invoices.label = ?1 AND channel = 'greenfield' \
                     AND invoices.shop_id = endpoints.shop_id)) \
         UNION ALL \
         SELECT id, url, format, kinds, token, false FROM endpoints WHERE label = ?1 AND state = 'enabled'",
    )?;
    let mut rows = select.query([label])?;
    let mut recipients = Vec::new();
    while let Some(row) = rows.next()? {
        let kinds: Option<String> = row.get(3)?;
        if read_kinds(kinds.as_deref())?.contain(event.kind) {
            let (url, format): (String, String) = (row.get(1)?, row.get(2)?);
            let hook = hook(&url, &format, row.get(4)?)?;
            recipients.push((row.get::<String>(0)?, hook, row.get(5)?));
        }
    }
    drop(rows);
    for (endpoint, hook, is_shops) in &recipients {
        let receiver = Receiver {
            endpoint,
            hook,
            is_shops: *is_shops,
        };
        receiver.add(database, now, event)?;
    }
    Ok(!recipients.is_empty())
}

/// Makes a delivery that is due now; one that was there before is due once more, under its id.
pub(super) fn add(
    database: &impl Statements,
    now: Timestamp,
    endpoint: &Endpoint,
    event: &LoggedEvent<'_>,
) -> Result<(), Error> {
    Receiver::of(endpoint).add(database, now, event)
}

/// Makes a test delivery.
pub(super) fn add_test(
    database: &impl Statements,
    now: Timestamp,
    endpoint: &Endpoint,
) -> Result<DeliveryId, Error> {
    let id = DeliveryId::random();
    match Receiver::of(endpoint).insert(database, now, &id, None)? {
        true => Ok(id),
        false => Err(Error::Corrupt("delivery")),
    }
}

/// A delivery is due once more, under its id, at the receiver that its endpoint has now.
pub(super) fn requeue(
    database: &impl Statements,
    place: i64,
    endpoint: &Endpoint,
) -> Result<(), Error> {
    Receiver::of(endpoint).requeue(database, place)
}

impl<'a> Receiver<'a> {
    fn of(endpoint: &'a Endpoint) -> Self {
        Self {
            endpoint: endpoint.id.as_str(),
            hook: &endpoint.hook,
            is_shops: endpoint.label.is_none(),
        }
    }

    fn queue(&self) -> QueueKey {
        QueueKey {
            shop: self.is_shops,
            receiver: self.hook.url.receiver(),
        }
    }

    fn add(
        &self,
        database: &impl Statements,
        now: Timestamp,
        event: &LoggedEvent<'_>,
    ) -> Result<(), Error> {
        // The same after the records were lost and the event was learned of anew.
        let id = DeliveryId::of_event(self.hook, event.kind, event.subject);
        let sequence = Some(event.sequence);
        if self.insert(database, now, &id, sequence)? {
            return Ok(());
        }
        let known: Option<i64> = database
            .prepare_cached("SELECT place FROM deliveries WHERE endpoint = ?1 AND sequence = ?2")?
            .query_row((self.endpoint, event.sequence), |row| row.get(0))
            .optional()?;
        if let Some(place) = known {
            return self.requeue(database, place);
        }
        // Another endpoint has the same address.
        let id = id.another(self.endpoint, event.sequence);
        match self.insert(database, now, &id, sequence)? {
            true => Ok(()),
            false => Err(Error::Corrupt("delivery")),
        }
    }

    /// `false`: there is a delivery of this event to this endpoint, or one with this id.
    fn insert(
        &self,
        database: &impl Statements,
        now: Timestamp,
        id: &DeliveryId,
        sequence: Option<i64>,
    ) -> Result<bool, Error> {
        let queue = self.queue();
        let inserted = database
            .prepare_cached(
                "INSERT INTO deliveries \
                 (id, endpoint, receiver, shop, token, sequence, state, next_attempt_at, created_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'pending', 0, ?7) ON CONFLICT DO NOTHING",
            )?
            .execute((
                id.as_str(),
                self.endpoint,
                &queue.receiver,
                queue.shop,
                self.hook.token.as_deref(),
                sequence,
                now.as_second(),
            ))?;
        if inserted > 0 {
            queue.refresh(database)?;
        }
        Ok(inserted > 0)
    }

    fn requeue(&self, database: &impl Statements, place: i64) -> Result<(), Error> {
        let was = database
            .prepare_cached(&format!(
                "SELECT {} FROM deliveries WHERE place = ?1",
                QueueKey::COLUMNS
            ))?
            .query_row([place], QueueKey::from_row)?;
        let queue = self.queue();
        database
            .prepare_cached(
                "UPDATE deliveries SET state = 'pending', step = 0, part = 0, next_attempt_at = 0, receiver = ?1, replayed = 1 \
                 WHERE place = ?2",
            )?
            .execute((&queue.receiver, place))?;
        refresh_all(database, vec![was, queue])
    }
}
