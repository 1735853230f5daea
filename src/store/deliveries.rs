//! Events on their way to endpoints, as the owner of a shop sees them. How they are sent is in `sending.rs`.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::SqliteConnection;

use super::{
    Error, Store, endpoints,
    hook_rows::{AttemptRow, DeliveryRow, delivery_id},
    rows::{json, to_sql},
};
use crate::invoice::{
    EventKind, Label,
    hook::{Attempt, Delivery, DeliveryId, Endpoint, EndpointId, EndpointState},
};

/// What came of asking for a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Queued<T> {
    /// It is due now.
    Due(T),
    /// Nothing is sent to this endpoint.
    Disabled,
    /// There is no such endpoint or delivery.
    NotFound,
}

/// So many deliveries are changed in one unit of work, so that no payment waits long for its turn.
pub(super) const BATCH: u32 = 500;

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
        let rows: Vec<DeliveryRow> = sqlx::query_as(
            "SELECT * FROM deliveries WHERE endpoint = $1 AND place < $2 ORDER BY place DESC LIMIT $3",
        )
        .bind(endpoint.as_str())
        .bind(before)
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(DeliveryRow::read).collect()
    }

    /// A delivery with all attempts, the first one first; `None` when there is none.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn delivery(
        &self,
        id: &DeliveryId,
    ) -> Result<Option<(Delivery, Vec<Attempt>)>, Error> {
        // Of one moment: an attempt may be written meanwhile.
        let mut reader = self.readers.begin().await?;
        let Some(delivery) = find(&mut reader, id).await? else {
            return Ok(None);
        };
        let rows: Vec<AttemptRow> =
            sqlx::query_as("SELECT * FROM attempts WHERE delivery = $1 ORDER BY number")
                .bind(to_sql(delivery.place)?)
                .fetch_all(&mut *reader)
                .await?;
        let attempts: Result<_, _> = rows.into_iter().map(AttemptRow::read).collect();
        Ok(Some((delivery, attempts?)))
    }

    /// Sends a delivery once more, under its number, whatever came of it.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn redeliver(&self, id: &DeliveryId) -> Result<Queued<Delivery>, Error> {
        let mut work = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let Some(delivery) = find(&mut work, id).await? else {
            return Ok(Queued::NotFound);
        };
        let endpoint = match enabled(&mut work, &delivery.endpoint).await? {
            Ok(endpoint) => endpoint,
            Err(none) => return Ok(none),
        };
        sqlx::query(
            "UPDATE deliveries SET state = 'pending', step = 0, next_attempt_at = 0, receiver = $1 WHERE id = $2",
        )
        .bind(endpoint.hook.url.receiver())
        .bind(id.as_str())
        .execute(&mut *work)
        .await?;
        let delivery = find(&mut work, id)
            .await?
            .ok_or(Error::Damaged("delivery"))?;
        work.commit().await?;
        Ok(Queued::Due(delivery))
    }

    /// Sends an endpoint all events after the number `after` that are for it, once more or for the first time: how many.
    /// It is done in pieces; should it break off, ask again.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn redeliver_after(&self, id: &EndpointId, after: u64) -> Result<Queued<u64>, Error> {
        let mut after = Some(i64::try_from(after).unwrap_or(i64::MAX));
        let mut queued = 0;
        while let Some(reached) = after {
            let mut work = self.writer.begin_with("BEGIN IMMEDIATE").await?;
            let endpoint = match enabled(&mut work, id).await? {
                Ok(endpoint) => endpoint,
                Err(none) => return Ok(none),
            };
            let page = queue_after(&mut work, &endpoint, reached).await?;
            work.commit().await?;
            (after, queued) = (page.last, queued + page.queued);
        }
        Ok(Queued::Due(queued))
    }

    /// Sends an endpoint a test.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn test_delivery(&self, id: &EndpointId) -> Result<Queued<Delivery>, Error> {
        let mut work = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let endpoint = match enabled(&mut work, id).await? {
            Ok(endpoint) => endpoint,
            Err(none) => return Ok(none),
        };
        let receiver = endpoint.hook.url.receiver();
        let new = NewDelivery::of(id.as_str(), &receiver, None);
        let delivery = delivery_id(&new.id)?;
        insert(&mut work, &[new]).await?;
        let delivery = find(&mut work, &delivery)
            .await?
            .ok_or(Error::Damaged("delivery"))?;
        work.commit().await?;
        Ok(Queued::Due(delivery))
    }
}

/// Inside a unit of work: a new endpoint of one invoice learns what happened so far, which is little.
pub(super) async fn catch_up(
    work: &mut SqliteConnection,
    endpoint: &Endpoint,
) -> Result<(), Error> {
    queue_after(work, endpoint, 0).await.map(drop)
}

/// A delivery as it is written down.
#[derive(Serialize)]
struct NewDelivery<'a> {
    id: String,
    endpoint: &'a str,
    receiver: &'a str,
    /// The event; `None`: a test.
    sequence: Option<i64>,
}

impl<'a> NewDelivery<'a> {
    fn of(endpoint: &'a str, receiver: &'a str, sequence: Option<i64>) -> Self {
        Self {
            id: DeliveryId::random().as_str().to_owned(),
            endpoint,
            receiver,
            sequence,
        }
    }
}

/// Some of the events that an endpoint is to be told.
struct Page {
    /// The last one that was looked at; `None`: there are no more.
    last: Option<i64>,
    /// How many were for it.
    queued: u64,
}

async fn queue_after(
    work: &mut SqliteConnection,
    endpoint: &Endpoint,
    after: i64,
) -> Result<Page, Error> {
    let sql = match endpoint.label {
        None => {
            "SELECT sequence, kind FROM events WHERE sequence > $1 AND $3 IS NULL ORDER BY sequence LIMIT $2"
        }
        Some(_) => {
            "SELECT sequence, kind FROM events WHERE sequence > $1 AND label = $3 ORDER BY sequence LIMIT $2"
        }
    };
    let events: Vec<(i64, String)> = sqlx::query_as(sql)
        .bind(after)
        .bind(i64::from(BATCH))
        .bind(endpoint.label.as_ref().map(Label::as_str))
        .fetch_all(&mut *work)
        .await?;
    let mut page = Page {
        last: events.last().map(|(sequence, _)| *sequence),
        queued: 0,
    };
    let receiver = endpoint.hook.url.receiver();
    let mut new = Vec::new();
    for (sequence, kind) in events {
        let kind = EventKind::parse(&kind).ok_or(Error::Damaged("kind of event"))?;
        if endpoint.kinds.contain(kind) {
            new.push(NewDelivery::of(
                endpoint.id.as_str(),
                &receiver,
                Some(sequence),
            ));
            page.queued += 1;
        }
    }
    insert(work, &new).await?;
    Ok(page)
}

/// The endpoint, or why nothing is sent there.
async fn enabled<T>(
    work: &mut SqliteConnection,
    id: &EndpointId,
) -> Result<Result<Endpoint, Queued<T>>, Error> {
    Ok(match endpoints::find(work, id).await? {
        None => Err(Queued::NotFound),
        Some(endpoint) => match endpoint.state {
            EndpointState::Enabled => Ok(endpoint),
            EndpointState::Disabled(_) => Err(Queued::Disabled),
        },
    })
}

async fn find(work: &mut SqliteConnection, id: &DeliveryId) -> Result<Option<Delivery>, Error> {
    let row: Option<DeliveryRow> = sqlx::query_as("SELECT * FROM deliveries WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(work)
        .await?;
    row.map(DeliveryRow::read).transpose()
}

/// Deliveries that are due now; an event that was sent there before keeps its number.
async fn insert(work: &mut SqliteConnection, new: &[NewDelivery<'_>]) -> Result<(), Error> {
    if new.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO deliveries (id, endpoint, receiver, sequence, state, next_attempt_at, created_at) \
         SELECT value->>'id', value->>'endpoint', value->>'receiver', value->>'sequence', 'pending', 0, $2 \
         FROM json_each($1) WHERE true ORDER BY key ON CONFLICT (endpoint, sequence) DO UPDATE \
         SET state = 'pending', step = 0, next_attempt_at = 0, receiver = excluded.receiver",
    )
    .bind(json(new)?)
    .bind(Timestamp::now().as_second())
    .execute(work)
    .await?;
    Ok(())
}
