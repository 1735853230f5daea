//! The outbox: a row for each event and each endpoint that is to be told, written in the unit of work of the event.

use rusqlite::OptionalExtension;

use super::{
    hook_rows::{hook, read_kinds},
    unit::UnitOfWork,
};
use crate::error::Error;
use facture_domain::{
    EventKind, Hook, Label,
    hook::{DeliveryId, Endpoint},
};

/// An event that is to be delivered.
pub(super) struct Subject<'a> {
    pub(super) sequence: i64,
    pub(super) kind: EventKind,
    pub(super) label: &'a Label,
}

/// Where it is to be delivered.
struct Receiver<'a> {
    endpoint: &'a str,
    hook: &'a Hook,
}

/// Makes a delivery of an event for every endpoint that is to be told.
pub(super) fn fill(
    unit: &mut UnitOfWork<'_>,
    sequence: i64,
    kind: EventKind,
    label: &Label,
) -> Result<(), Error> {
    // Each by an index of its own: there is an endpoint for many an invoice.
    let mut select = unit.prepare(
        "SELECT id, url, format, kinds FROM endpoints WHERE label IS NULL AND state = 'enabled' \
         UNION ALL SELECT id, url, format, kinds FROM endpoints WHERE label = ?1 AND state = 'enabled'",
    )?;
    let mut rows = select.query([label.as_str()])?;
    let mut told = Vec::new();
    while let Some(row) = rows.next()? {
        let kinds: Option<String> = row.get(3)?;
        if read_kinds(kinds.as_deref())?.contain(kind) {
            let endpoint: String = row.get(0)?;
            let (url, format): (String, String) = (row.get(1)?, row.get(2)?);
            told.push((endpoint, hook(&url, &format, None)?));
        }
    }
    drop(rows);
    let subject = Subject {
        sequence,
        kind,
        label,
    };
    for (endpoint, hook) in &told {
        insert(unit, Receiver { endpoint, hook }, &subject)?;
    }
    Ok(())
}

/// Makes a delivery that is due now; one that was there before is due once more, under its number.
pub(super) fn queue(
    unit: &mut UnitOfWork<'_>,
    endpoint: &Endpoint,
    subject: &Subject<'_>,
) -> Result<(), Error> {
    let receiver = Receiver {
        endpoint: endpoint.id.as_str(),
        hook: &endpoint.hook,
    };
    insert(unit, receiver, subject)
}

/// Makes a test delivery.
pub(super) fn queue_test(
    unit: &mut UnitOfWork<'_>,
    endpoint: &Endpoint,
) -> Result<DeliveryId, Error> {
    let id = DeliveryId::random();
    let receiver = endpoint.hook.url.receiver();
    write(unit, &id, endpoint.id.as_str(), &receiver, None)?;
    Ok(id)
}

fn insert(unit: &mut UnitOfWork<'_>, to: Receiver<'_>, subject: &Subject<'_>) -> Result<(), Error> {
    let receiver = to.hook.url.receiver();
    // The same after the records were lost and the event was learned of anew.
    let id = DeliveryId::of_event(to.hook, subject.kind, subject.label);
    let sequence = Some(subject.sequence);
    if write(unit, &id, to.endpoint, &receiver, sequence)? {
        return Ok(());
    }
    // Another endpoint has the same address.
    let id = id.another(to.endpoint, subject.sequence);
    match write(unit, &id, to.endpoint, &receiver, sequence)? {
        true => Ok(()),
        false => Err(Error::Damaged("delivery")),
    }
}

/// `false`: another delivery has this number.
fn write(
    unit: &mut UnitOfWork<'_>,
    id: &DeliveryId,
    endpoint: &str,
    receiver: &str,
    sequence: Option<i64>,
) -> Result<bool, Error> {
    let written: Option<i64> = unit
        .prepare(
            "INSERT INTO deliveries (id, endpoint, receiver, sequence, state, next_attempt_at, created_at) \
             VALUES (?1, ?2, ?3, ?4, 'pending', 0, ?5) \
             ON CONFLICT (endpoint, sequence) DO UPDATE \
             SET state = 'pending', step = 0, next_attempt_at = 0, receiver = excluded.receiver \
             ON CONFLICT (id) DO NOTHING RETURNING place",
        )?
        .query_row(
            (id.as_str(), endpoint, receiver, sequence, unit.now().as_second()),
            |row| row.get(0),
        )
        .optional()?;
    unit.deliveries_due();
    Ok(written.is_some())
}
