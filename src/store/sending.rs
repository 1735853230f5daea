//! Deliveries as whoever sends them sees them: what waits, what is to be sent, what came of it.

use jiff::Timestamp;
use sqlx::{FromRow, SqliteConnection};

use super::{
    Error, Store,
    hook_rows::{delivery_id, endpoint_id, hook, millis},
    queues,
    rows::{EventRow, from_sql, timestamp, to_sql},
    secrets,
};
use crate::invoice::{
    Hook, HookUrl, InvoiceEvent,
    hook::{
        Attempt, DeliveryId, Disabled, EndpointId, EndpointState, Outcome, SecretOwner, Secrets,
    },
};

/// What is needed to send a delivery.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Its number.
    pub id: DeliveryId,
    /// Where it goes.
    pub endpoint: EndpointId,
    /// The same, as an address.
    pub hook: Hook,
    /// What it tells; `None`: a test.
    pub event: Option<InvoiceEvent>,
    /// When it was made.
    pub created_at: Timestamp,
    /// What it is signed with.
    pub secrets: Secrets,
    /// How many attempts of its schedule are behind it.
    pub step: u64,
}

/// An attempt that was made.
#[derive(Clone, Debug)]
pub struct Attempted {
    /// The delivery's place among all.
    pub place: u64,
    /// What was sent; `None` when it could not be read.
    pub sent: Option<Sent>,
    /// How it went.
    pub attempt: Attempt,
    /// What is next.
    pub next: Next,
}

/// What a delivery was when an attempt began: its owner may have changed it since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Where it went.
    pub url: HookUrl,
    /// How many attempts of its schedule were behind it.
    pub step: u64,
}

/// What is next for a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it was taken.
    Delivered,
    /// It is tried again then.
    Again(Timestamp),
    /// It is given up.
    GiveUp,
    /// It is given up, and its endpoint is told nothing any more.
    Gone,
}

#[derive(FromRow)]
struct OutgoingRow {
    id: String,
    endpoint: String,
    created_at: i64,
    step: i64,
    url: String,
    format: String,
    label: Option<String>,
}

impl Store {
    /// What is needed to send a delivery at `now`; `None` when it does not wait any more. One that was left waiting for an
    /// endpoint that is told nothing any more is dropped.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be used.
    pub async fn outgoing(&self, place: u64, now: Timestamp) -> Result<Option<Outgoing>, Error> {
        let mut reader = self.readers.begin().await?;
        let row: Option<OutgoingRow> = sqlx::query_as(
            "SELECT deliveries.id, endpoint, deliveries.created_at, step, url, format, label \
             FROM deliveries JOIN endpoints ON endpoints.id = endpoint \
             WHERE place = $1 AND deliveries.state = 'pending' AND endpoints.state = 'enabled'",
        )
        .bind(to_sql(place)?)
        .fetch_optional(&mut *reader)
        .await?;
        let Some(row) = row else {
            drop(reader);
            self.drop_left(place).await?;
            return Ok(None);
        };
        let event: Option<EventRow> = sqlx::query_as(
            "SELECT events.sequence, kind, recorded_at, invoice FROM deliveries \
             JOIN events ON events.sequence = deliveries.sequence WHERE place = $1",
        )
        .bind(to_sql(place)?)
        .fetch_optional(&mut *reader)
        .await?;
        let endpoint = endpoint_id(&row.endpoint)?;
        let owner = match row.label {
            Some(_) => SecretOwner::Invoices,
            None => SecretOwner::Endpoint(endpoint.clone()),
        };
        let secrets = secrets::read(&mut reader, &owner, now).await?;
        Ok(Some(Outgoing {
            id: delivery_id(&row.id)?,
            endpoint,
            hook: hook(&row.url, &row.format, None)?,
            event: event.map(EventRow::read).transpose()?,
            created_at: timestamp(row.created_at)?,
            secrets: secrets.ok_or(Error::Damaged("secret"))?,
            step: from_sql(row.step)?,
        }))
    }

    /// Writes attempts down, and what is next.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written: then none of it is, and what was sent would be sent again.
    pub async fn record(&self, attempted: &[Attempted]) -> Result<(), Error> {
        let mut work = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let mut gone = Vec::new();
        for attempted in attempted {
            gone.extend(record(&mut work, attempted).await?);
        }
        work.commit().await?;
        for endpoint in gone {
            // The attempts are written. What is not dropped now is dropped when its time comes.
            let _ = self.drop_waiting(&endpoint).await;
        }
        Ok(())
    }

    async fn drop_left(&self, place: u64) -> Result<(), Error> {
        sqlx::query(
            "UPDATE deliveries SET state = 'dropped' WHERE place = $1 AND state = 'pending' AND NOT EXISTS ( \
                 SELECT 1 FROM endpoints WHERE endpoints.id = deliveries.endpoint AND endpoints.state = 'enabled')",
        )
        .bind(to_sql(place)?)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Forgets deliveries, with their attempts, that were made before `before` and wait no more, at most `limit`: how
    /// many.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn forget_deliveries(&self, before: Timestamp, limit: u32) -> Result<u64, Error> {
        let forgotten = sqlx::query(
            "DELETE FROM deliveries WHERE place IN ( \
                 SELECT place FROM deliveries WHERE state <> 'pending' AND created_at < $1 \
                 ORDER BY created_at LIMIT $2)",
        )
        .bind(before.as_second())
        .bind(i64::from(limit))
        .execute(&self.writer)
        .await?;
        Ok(forgotten.rows_affected())
    }
}

/// Inside a unit of work: the endpoint that is gone, if one is.
async fn record(
    work: &mut SqliteConnection,
    attempted: &Attempted,
) -> Result<Option<EndpointId>, Error> {
    let place = to_sql(attempted.place)?;
    let overtaken = overtaken(work, place, attempted).await?;
    let next = if overtaken {
        Next::Again(Timestamp::UNIX_EPOCH)
    } else {
        attempted.next
    };
    let (state, next_attempt_at) = match next {
        Next::Delivered => ("delivered", 0),
        Next::Again(at) => ("pending", at.as_millisecond()),
        Next::GiveUp | Next::Gone => ("failed", 0),
    };
    // One that was dropped while it was under way stays so, unless it was taken.
    let updated: Option<(i64, String)> = sqlx::query_as(
        "UPDATE deliveries SET attempts = attempts + 1, step = CASE WHEN $4 THEN 0 ELSE step + 1 END, next_attempt_at = $1, \
         failure = $5, \
         state = CASE WHEN state = 'pending' OR $2 = 'delivered' THEN $2 ELSE state END \
         WHERE place = $3 RETURNING attempts, endpoint",
    )
    .bind(next_attempt_at)
    .bind(state)
    .bind(place)
    .bind(overtaken)
    .bind(attempted.attempt.outcome.failure())
    .fetch_optional(&mut *work)
    .await?;
    queues::attempted(work, attempted.place, &attempted.attempt).await?;
    let Some((number, endpoint)) = updated else {
        return Ok(None);
    };
    let attempt = &attempted.attempt;
    let (status, failure) = match attempt.outcome {
        Outcome::Answered(status) => (Some(i64::from(status)), None),
        Outcome::Failed(failure) => (None, Some(failure.as_str())),
    };
    sqlx::query(
        "INSERT INTO attempts (delivery, number, started_at, duration, status, failure, excerpt) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(place)
    .bind(number)
    .bind(attempt.started_at.as_millisecond())
    .bind(millis(attempt.duration)?)
    .bind(status)
    .bind(failure)
    .bind(&attempt.excerpt)
    .execute(&mut *work)
    .await?;
    if next != Next::Gone {
        return Ok(None);
    }
    let endpoint = endpoint_id(&endpoint)?;
    sqlx::query("UPDATE endpoints SET state = $1 WHERE id = $2 AND state = 'enabled'")
        .bind(EndpointState::Disabled(Disabled::Gone).as_str())
        .bind(endpoint.as_str())
        .execute(&mut *work)
        .await?;
    Ok(Some(endpoint))
}

/// Inside a unit of work: whether, while an attempt was under way, the delivery was asked for anew, or its endpoint went
/// elsewhere and the attempt failed. Then what came of it says nothing about what is to be sent now.
async fn overtaken(
    work: &mut SqliteConnection,
    place: i64,
    attempted: &Attempted,
) -> Result<bool, Error> {
    let Some(sent) = &attempted.sent else {
        return Ok(false);
    };
    let now: Option<(i64, String)> = sqlx::query_as(
        "SELECT step, url FROM deliveries JOIN endpoints ON endpoints.id = endpoint \
         WHERE place = $1 AND deliveries.state = 'pending'",
    )
    .bind(place)
    .fetch_optional(work)
    .await?;
    Ok(now.is_some_and(|(step, url)| {
        to_sql(sent.step).ok() != Some(step)
            || (attempted.next != Next::Delivered && url != sent.url.as_str())
    }))
}
