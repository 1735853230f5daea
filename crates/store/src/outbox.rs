//! The outbox: a row for each event and each endpoint that is to be told, written in the unit of work of the event.
//! `unit.rs` calls this and sees to the wake-up.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use crate::{
    error::Error,
    hook_rows::{hook, read_kinds},
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
}

/// Makes a delivery of an event for every endpoint that is to be told. Whether there is one.
pub(super) fn fill(
    connection: &Connection,
    now: Timestamp,
    event: &LoggedEvent<'_>,
) -> Result<bool, Error> {
    // Each by an index of its own: there is an endpoint for many an invoice.
    let mut select = connection.prepare_cached(
        "SELECT id, url, format, kinds FROM endpoints WHERE label IS NULL AND state = 'enabled' \
         UNION ALL SELECT id, url, format, kinds FROM endpoints WHERE label = ?1 AND state = 'enabled'",
    )?;
    let Subject::Invoice(label) = event.subject;
    let mut rows = select.query([label.as_str()])?;
    let mut told = Vec::new();
    while let Some(row) = rows.next()? {
        let kinds: Option<String> = row.get(3)?;
        if read_kinds(kinds.as_deref())?.contain(event.kind) {
            let endpoint: String = row.get(0)?;
            let (url, format): (String, String) = (row.get(1)?, row.get(2)?);
            told.push((endpoint, hook(&url, &format, None)?));
        }
    }
    drop(rows);
    for (endpoint, hook) in &told {
        insert(connection, now, &Receiver { endpoint, hook }, event)?;
    }
    Ok(!told.is_empty())
}

/// Makes a delivery that is due now; one that was there before is due once more, under its id.
pub(super) fn add(
    connection: &Connection,
    now: Timestamp,
    endpoint: &Endpoint,
    event: &LoggedEvent<'_>,
) -> Result<(), Error> {
    let receiver = Receiver {
        endpoint: endpoint.id.as_str(),
        hook: &endpoint.hook,
    };
    insert(connection, now, &receiver, event)
}

/// Makes a test delivery.
pub(super) fn add_test(
    connection: &Connection,
    now: Timestamp,
    endpoint: &Endpoint,
) -> Result<DeliveryId, Error> {
    let id = DeliveryId::random();
    let receiver = Receiver {
        endpoint: endpoint.id.as_str(),
        hook: &endpoint.hook,
    };
    write(connection, now, &id, &receiver, None)?;
    Ok(id)
}

fn insert(
    connection: &Connection,
    now: Timestamp,
    to: &Receiver<'_>,
    event: &LoggedEvent<'_>,
) -> Result<(), Error> {
    // The same after the records were lost and the event was learned of anew.
    let id = DeliveryId::of_event(to.hook, event.kind, event.subject);
    let sequence = Some(event.sequence);
    if write(connection, now, &id, to, sequence)? {
        return Ok(());
    }
    // Another endpoint has the same address.
    let id = id.another(to.endpoint, event.sequence);
    match write(connection, now, &id, to, sequence)? {
        true => Ok(()),
        false => Err(Error::Damaged("delivery")),
    }
}

/// `false`: another delivery has this id.
fn write(
    connection: &Connection,
    now: Timestamp,
    id: &DeliveryId,
    to: &Receiver<'_>,
    sequence: Option<i64>,
) -> Result<bool, Error> {
    let written: Option<i64> = connection
        .prepare_cached(
            "INSERT INTO deliveries (id, endpoint, receiver, sequence, state, next_attempt_at, created_at) \
             VALUES (?1, ?2, ?3, ?4, 'pending', 0, ?5) \
             ON CONFLICT (endpoint, sequence) DO UPDATE \
             SET state = 'pending', step = 0, next_attempt_at = 0, receiver = excluded.receiver \
             ON CONFLICT (id) DO NOTHING RETURNING place",
        )?
        .query_row(
            (
                id.as_str(),
                to.endpoint,
                to.hook.url.receiver(),
                sequence,
                now.as_second(),
            ),
            |row| row.get(0),
        )
        .optional()?;
    Ok(written.is_some())
}
