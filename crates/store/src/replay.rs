//! Replay: events of the log that are delivered to an endpoint once more, or for the first time.

use crate::{
    connection::all,
    error::Error,
    event_rows::{kind, of_invoice, subject},
    outbox::LoggedEvent,
    unit::UnitOfWork,
};
use facture_domain::{Label, hook::Endpoint};

/// The most deliveries that are changed in one unit of work, so that no payment waits long for its turn.
pub(super) const MAX_BATCH: u32 = 500;

/// A new endpoint of one invoice learns what happened so far, which is little.
pub(super) fn catch_up(unit: &mut UnitOfWork<'_>, endpoint: &Endpoint) -> Result<(), Error> {
    queue_after(unit, endpoint, 0).map(drop)
}

/// A page of events that are for an endpoint.
pub(super) struct Page {
    /// The number of the last event of the page; `None`: there are no more.
    pub(super) last: Option<i64>,
    /// How many were for it.
    pub(super) queued: u64,
}

/// Queues the events after the number `after` that are for an endpoint, a page of them.
pub(super) fn queue_after(
    unit: &mut UnitOfWork<'_>,
    endpoint: &Endpoint,
    after: i64,
) -> Result<Page, Error> {
    let sql = match endpoint.label {
        None => {
            "SELECT sequence, kind, subject_kind, subject FROM events \
             WHERE sequence > ?2 AND ?1 IS NULL ORDER BY sequence LIMIT ?3"
        }
        Some(_) => {
            concat!(
                "SELECT sequence, kind, subject_kind, subject FROM events WHERE ",
                of_invoice!(),
                " AND sequence > ?2 ORDER BY sequence LIMIT ?3"
            )
        }
    };
    let label = endpoint.label.as_ref().map(Label::as_str);
    let events: Vec<(i64, String, String, String)> = all(
        unit,
        sql,
        (label, after, MAX_BATCH),
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        Ok,
    )?;
    let mut page = Page {
        last: events.last().map(|(sequence, ..)| *sequence),
        queued: 0,
    };
    for (sequence, name, subject_kind, id) in events {
        let kind = kind(&name)?;
        if endpoint.kinds.contain(kind) {
            let event = LoggedEvent {
                sequence,
                kind,
                subject: &subject(&subject_kind, id)?,
            };
            unit.deliver(endpoint, &event)?;
            page.queued += 1;
        }
    }
    Ok(page)
}
