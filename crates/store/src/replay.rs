//! Replay: events of the log that are delivered to an endpoint once more, or for the first time.

use crate::{
    error::Error,
    event_rows::{kind, of_invoice, subject},
    outbox::LoggedEvent,
    sql::all,
    unit::UnitOfWork,
};
use facture_domain::{Label, hook::Endpoint};

/// The most deliveries that are changed in one unit of work, so that no payment waits long for its turn.
pub(super) const MAX_BATCH: u32 = 500;

/// A new endpoint of one invoice learns what happened so far, which is little.
pub(super) fn catch_up(unit: &mut UnitOfWork<'_>, endpoint: &Endpoint) -> Result<(), Error> {
    queue_between(unit, endpoint, 0, i64::MAX).map(drop)
}

/// A page of events that are for an endpoint.
pub(super) struct Page {
    /// The number of the last event of the page; `None`: there are no more.
    pub(super) last: Option<i64>,
    /// How many were for it.
    pub(super) queued: u64,
}

/// Queues the events after the number `after` up to the number `up_to` that are for an endpoint because somebody asks for them,
/// a page of them.
pub(super) fn queue(
    unit: &mut UnitOfWork<'_>,
    endpoint: &Endpoint,
    after: i64,
    up_to: i64,
) -> Result<Page, Error> {
    let page = queue_between(unit, endpoint, after, up_to)?;
    if let Some(last) = page.last {
        // Those that are sent for the first time, too.
        unit.execute(
            "UPDATE deliveries SET replayed = 1 WHERE endpoint = ?1 AND sequence > ?2 AND sequence <= ?3",
            (endpoint.id.as_str(), after, last),
        )?;
    }
    Ok(page)
}

fn queue_between(
    unit: &mut UnitOfWork<'_>,
    endpoint: &Endpoint,
    after: i64,
    up_to: i64,
) -> Result<Page, Error> {
    let sql = match endpoint.label {
        None => {
            "SELECT sequence, kind, subject_kind, subject FROM events \
             WHERE sequence > ?2 AND sequence <= ?4 AND CAST(?1 AS TEXT) IS NULL ORDER BY sequence LIMIT ?3"
        }
        Some(_) => {
            concat!(
                "SELECT sequence, kind, subject_kind, subject FROM events WHERE ",
                of_invoice!(),
                " AND sequence > ?2 AND sequence <= ?4 ORDER BY sequence LIMIT ?3"
            )
        }
    };
    let label = endpoint.label.as_ref().map(Label::as_str);
    let events: Vec<(i64, String, String, String)> = all(
        unit,
        sql,
        (label, after, MAX_BATCH, up_to),
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
