//! Deliveries from the dispatcher's side: those waiting, the data to send, and the outcome of each attempt.

use jiff::Timestamp;

use crate::{
    btcpay_endpoints, endpoints,
    error::Error,
    event_rows::EventRow,
    hook_rows::{AttemptRow, delivery_id, endpoint_id, hook},
    notice_queue,
    queue_row::{QueueKey, refresh_all},
    queues,
    rows::{from_sql, timestamp, to_sql},
    secrets,
    sql::{self, OptionalExtension, Row, Statements, all},
    store::Store,
    unit::UnitOfWork,
};
use facture_domain::{
    Event, Hook, HookUrl,
    hook::{Attempt, BtcpayEndpoint, DeliveryId, Disabled, EndpointId, SecretOwner, Secrets},
};

/// Everything needed to send a delivery.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Its id.
    pub id: DeliveryId,
    /// Where it goes.
    pub endpoint: EndpointId,
    /// The endpoint's address.
    pub hook: Hook,
    /// The event; `None`: a test.
    pub event: Option<Event>,
    /// When it was created.
    pub created_at: Timestamp,
    /// What it is signed with.
    pub secrets: Secrets,
    /// The number of scheduled attempts already used up.
    pub step: u64,
    /// Whether somebody asked for it.
    pub replay: Replay,
    /// Which of the event's messages, from 0.
    pub part: u32,
    /// Of an endpoint that is told in BTCPay's words.
    pub btcpay: Option<BtcpayEndpoint>,
}

/// Whether somebody asked for an event once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// It is sent because it happened.
    No,
    /// It is sent because somebody asked for it.
    Yes,
}

/// A completed attempt.
#[derive(Clone, Debug)]
pub struct AttemptRecord {
    /// The delivery's place among all.
    pub place: u64,
    /// Where it went; `None` when the delivery could not be read.
    pub target: Option<AttemptTarget>,
    /// The outcome.
    pub attempt: Attempt,
    /// What becomes of the delivery.
    pub disposition: Disposition,
}

/// Where a delivery went when an attempt began: its owner may have changed it since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptTarget {
    /// Where it went.
    pub url: HookUrl,
    /// The number of scheduled attempts already used up.
    pub step: u64,
    /// Which of the event's messages it was.
    pub part: u32,
}

/// What becomes of a delivery after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// It was accepted.
    Delivered,
    /// The next of the event's messages is due.
    NextPart,
    /// It is retried at this time.
    Retry(Timestamp),
    /// It has failed for good.
    Failed,
    /// It has failed, and its endpoint is disabled, because the endpoint answered that it is gone.
    EndpointGone,
}

impl Disposition {
    /// Whether the receiver took the message, or was given up with others to follow.
    fn is_accepted(self) -> bool {
        matches!(self, Self::Delivered | Self::NextPart)
    }
}

struct OutgoingRow {
    id: String,
    endpoint: String,
    created_at: i64,
    step: i64,
    url: String,
    format: String,
    label: Option<String>,
    sequence: Option<i64>,
    replayed: bool,
    part: u32,
}

impl Store {
    /// Everything needed to send a delivery at `now`; `None` when it is no longer waiting. A delivery still waiting for
    /// an endpoint that no longer receives anything is dropped.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be used.
    pub async fn outgoing(&self, place: u64, now: Timestamp) -> Result<Option<Outgoing>, Error> {
        let place = to_sql(place)?;
        let found = self.lookup(|connection| {
            // All of it as it is at one time.
            let reading = connection.snapshot()?;
            outgoing(&*reading, place, now)
        })?;
        if found.is_none() {
            self.drop_orphan(place).await?;
        }
        Ok(found)
    }

    /// Records attempts and what becomes of their deliveries.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written: then nothing is, and what was sent would be sent again.
    pub async fn record(&self, attempted: &[AttemptRecord]) -> Result<(), Error> {
        let attempted = attempted.to_vec();
        let gone = self.write(move |unit| {
            let mut gone = Vec::new();
            for attempted in &attempted {
                gone.extend(record(unit, attempted)?);
            }
            Ok(gone)
        });
        for endpoint in gone.await? {
            // The attempts are written. What is not dropped now is dropped when its time comes.
            let _ = self.drop_waiting(&endpoint).await;
        }
        Ok(())
    }

    async fn drop_orphan(&self, place: i64) -> Result<(), Error> {
        self.write(move |unit| {
            let sql = format!(
                "UPDATE deliveries SET state = 'dropped' WHERE place = ?1 AND state = 'pending' AND NOT EXISTS ( \
                     SELECT 1 FROM endpoints WHERE endpoints.id = deliveries.endpoint AND endpoints.state = 'enabled') \
                 RETURNING {}",
                QueueKey::COLUMNS
            );
            let queues = all(unit, &sql, [place], QueueKey::from_row, Ok)?;
            refresh_all(unit, queues)
        })
        .await
    }

    /// Forgets deliveries, with their attempts, that were made before `before` and wait no more, at most `limit`: how
    /// many.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn forget_deliveries(&self, before: Timestamp, limit: u32) -> Result<u64, Error> {
        let forgotten = self.write(move |unit| {
            unit.execute(
                "DELETE FROM deliveries WHERE place IN ( \
                     SELECT place FROM deliveries WHERE state <> 'pending' AND created_at < ?1 \
                     ORDER BY created_at LIMIT ?2)",
                (before.as_second(), limit),
            )
        });
        Ok(u64::try_from(forgotten.await?).unwrap_or(u64::MAX))
    }
}

fn outgoing(
    database: &impl Statements,
    place: i64,
    now: Timestamp,
) -> Result<Option<Outgoing>, Error> {
    let row = database
        .prepare_cached(
            "SELECT deliveries.id, endpoint, deliveries.created_at, step, url, format, label, sequence, replayed, part \
             FROM deliveries JOIN endpoints ON endpoints.id = endpoint \
             WHERE place = ?1 AND deliveries.state = 'pending' AND endpoints.state = 'enabled'",
        )?
        .query_row([place], OutgoingRow::from_row)
        .optional()?;
    let Some(row) = row else {
        return Ok(None);
    };
    let event = match row.sequence {
        Some(sequence) => Some(
            database
                .prepare_cached(&format!("{} WHERE sequence = ?1", EventRow::SELECT))?
                .query_row([sequence], EventRow::from_row)
                .optional()?
                .ok_or(Error::Corrupt("delivery"))?,
        ),
        None => None,
    };
    let endpoint = endpoint_id(&row.endpoint)?;
    let owner = match row.label {
        Some(_) => SecretOwner::Invoices,
        None => SecretOwner::Endpoint(endpoint.clone()),
    };
    let secrets = secrets::read(database, &owner, now)?;
    Ok(Some(Outgoing {
        id: delivery_id(&row.id)?,
        endpoint,
        hook: hook(&row.url, &row.format, None)?,
        event: event.map(EventRow::read).transpose()?,
        created_at: timestamp(row.created_at)?,
        secrets: secrets.ok_or(Error::Corrupt("secret"))?,
        step: from_sql(row.step)?,
        replay: match row.replayed {
            true => Replay::Yes,
            false => Replay::No,
        },
        part: row.part,
        btcpay: btcpay_endpoints::settings(database, &row.endpoint)?,
    }))
}

impl OutgoingRow {
    fn from_row(row: &Row<'_>) -> sql::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            endpoint: row.get(1)?,
            created_at: row.get(2)?,
            step: row.get(3)?,
            url: row.get(4)?,
            format: row.get(5)?,
            label: row.get(6)?,
            sequence: row.get(7)?,
            replayed: row.get(8)?,
            part: row.get(9)?,
        })
    }
}

/// Records one attempt, and returns the endpoint if it is gone.
fn record(
    unit: &mut UnitOfWork<'_>,
    attempted: &AttemptRecord,
) -> Result<Option<EndpointId>, Error> {
    let place = to_sql(attempted.place)?;
    let superseded = is_superseded(unit, place, attempted)?;
    let disposition = if superseded {
        Disposition::Retry(Timestamp::UNIX_EPOCH)
    } else {
        attempted.disposition
    };
    let (state, next_attempt_at) = match disposition {
        Disposition::Delivered => ("delivered", 0),
        Disposition::NextPart => ("pending", 0),
        Disposition::Retry(at) => ("pending", at.as_millisecond()),
        Disposition::Failed | Disposition::EndpointGone => ("failed", 0),
    };
    // A delivery dropped during the attempt stays dropped, unless it was taken.
    let sql = format!(
        "UPDATE deliveries SET attempts = attempts + 1, step = CASE WHEN ?4 THEN 0 ELSE step + 1 END, \
         part = part + ?6, next_attempt_at = ?1, failure = ?5, \
         state = CASE WHEN state = 'pending' OR ?2 = 'delivered' THEN ?2 ELSE state END \
         WHERE place = ?3 RETURNING {}, attempts, endpoint",
        QueueKey::COLUMNS
    );
    let parameters = (
        next_attempt_at,
        state,
        place,
        superseded || disposition == Disposition::NextPart,
        attempted.attempt.outcome.failure(),
        i64::from(disposition == Disposition::NextPart),
    );
    let row = |row: &Row<'_>| Ok((QueueKey::from_row(row)?, row.get(2)?, row.get(3)?));
    let updated: Option<(QueueKey, i64, String)> =
        unit.prepare(&sql)?.query_row(parameters, row).optional()?;
    if let Some((queue, ..)) = &updated {
        queue.refresh(unit)?;
    }
    queues::attempted(unit, attempted.place, &attempted.attempt)?;
    let Some((_, number, endpoint)) = updated else {
        return Ok(None);
    };
    let attempt = &attempted.attempt;
    let row = AttemptRow::of(place, number, attempt)?;
    unit.execute(AttemptRow::INSERT, row.to_insert().as_ref())?;
    if disposition != Disposition::EndpointGone {
        return Ok(None);
    }
    let endpoint = endpoint_id(&endpoint)?;
    disable_gone(unit, &endpoint)?;
    Ok(Some(endpoint))
}

/// Disables an endpoint that is gone. Of one of the shop's own, the shop's people are told.
fn disable_gone(unit: &mut UnitOfWork<'_>, id: &EndpointId) -> Result<(), Error> {
    let disabled = endpoints::disable(unit, id, Disabled::Gone)?;
    let of_shop = endpoints::find(unit, id)?.filter(|endpoint| endpoint.label.is_none());
    match of_shop {
        Some(endpoint) if disabled => {
            notice_queue::write_endpoint_gone(unit, &endpoint.hook.url.receiver())
        }
        _ => Ok(()),
    }
}

/// Whether, during an attempt, the delivery was requested again, or its endpoint's address changed and the attempt
/// failed. The attempt's outcome then says nothing about what is to be sent now.
fn is_superseded(
    database: &impl Statements,
    place: i64,
    attempted: &AttemptRecord,
) -> Result<bool, Error> {
    let Some(target) = &attempted.target else {
        return Ok(false);
    };
    let now: Option<(i64, String, u32)> = database
        .prepare_cached(
            "SELECT step, url, part FROM deliveries JOIN endpoints ON endpoints.id = endpoint \
             WHERE place = ?1 AND deliveries.state = 'pending'",
        )?
        .query_row([place], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    Ok(now.is_some_and(|(step, url, part)| {
        to_sql(target.step).ok() != Some(step)
            || target.part != part
            || (!attempted.disposition.is_accepted() && url != target.url.as_str())
    }))
}
