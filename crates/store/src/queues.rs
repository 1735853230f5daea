//! Pending deliveries, in the order of their attempts: a queue for each receiver, and the queues in lanes. The code that
//! writes deliveries keeps them up to date (`queue_row.rs`).

use jiff::Timestamp;

use crate::{
    error::Error,
    rows::{from_sql, to_sql},
    sql::{Row, all},
    store::Store,
    unit::UnitOfWork,
};
use facture_domain::hook::{Attempt, Failure, Outcome};

/// A group of queues, which is served apart from the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lane {
    /// Whose endpoints.
    pub audience: Audience,
    /// What is known of the receivers.
    pub health: ReceiverHealth,
}

/// Whose endpoints deliveries are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// The shop's own, for all invoices.
    Shop,
    /// Those of one invoice, named by the request that makes it.
    Invoice,
}

/// What the last attempt says of a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReceiverHealth {
    /// There was no attempt yet.
    New,
    /// It succeeded.
    Healthy,
    /// It failed.
    Failing,
}

/// A delivery that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueDelivery {
    /// Its place among all deliveries.
    pub place: u64,
    /// Host and port of its receiver.
    pub receiver: String,
}

impl Lane {
    /// All of them, the shop's own first.
    pub const ALL: [Self; 6] = {
        use Audience::{Invoice, Shop};
        use ReceiverHealth::{Failing, Healthy, New};
        [
            Self::new(Shop, Healthy),
            Self::new(Shop, New),
            Self::new(Shop, Failing),
            Self::new(Invoice, Healthy),
            Self::new(Invoice, New),
            Self::new(Invoice, Failing),
        ]
    };

    const fn new(audience: Audience, health: ReceiverHealth) -> Self {
        Self { audience, health }
    }

    fn shop(self) -> bool {
        self.audience == Audience::Shop
    }
}

impl ReceiverHealth {
    fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Healthy => "sound",
            Self::Failing => "failing",
        }
    }
}

impl Store {
    /// The deliveries due at `now` in a lane: the first `each` of up to `receivers` receivers, in turn. The cost does not
    /// depend on how many are pending.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn due(
        &self,
        lane: Lane,
        now: Timestamp,
        receivers: usize,
        each: usize,
    ) -> Result<Vec<DueDelivery>, Error> {
        let sql = "WITH turns AS ( \
                 SELECT shop, receiver, due_at, place FROM queues \
                 WHERE shop = ?1 AND standing = ?2 AND due_at <= ?3 ORDER BY due_at, place LIMIT ?4) \
             SELECT deliveries.place, deliveries.receiver FROM turns JOIN deliveries ON deliveries.place IN ( \
                 SELECT place FROM deliveries AS one \
                 WHERE one.state = 'pending' AND one.shop = turns.shop AND one.receiver = turns.receiver \
                     AND one.next_attempt_at <= ?3 \
                 ORDER BY next_attempt_at, place LIMIT ?5) \
             ORDER BY turns.due_at, turns.place, next_attempt_at, deliveries.place";
        let parameters = (
            lane.shop(),
            lane.health.as_str(),
            now.as_millisecond(),
            i64::try_from(receivers).unwrap_or(i64::MAX),
            i64::try_from(each).unwrap_or(i64::MAX),
        );
        let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let read = |(place, receiver)| {
            Ok(DueDelivery {
                place: from_sql(place)?,
                receiver,
            })
        };
        // By the indexes, and most lanes are empty: to change threads would take longer.
        self.lookup(|connection| all(connection, sql, parameters, row, read))
    }

    /// When something is due next after `now`; `None`: nothing is.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn next_due(&self, now: Timestamp) -> Result<Option<Timestamp>, Error> {
        // Each lane's first is the first of its index.
        let sql = "SELECT min(next) FROM (SELECT ( \
                 SELECT min(due_at) FROM queues \
                 WHERE queues.shop = audiences.shop AND queues.standing = standings.standing AND due_at > ?1) AS next \
             FROM (SELECT 0 AS shop UNION ALL SELECT 1) AS audiences \
             CROSS JOIN (SELECT 'new' AS standing UNION ALL SELECT 'sound' UNION ALL SELECT 'failing') AS standings) AS lanes";
        let next: Option<i64> = self.lookup(|connection| {
            Ok(connection
                .prepare_cached(sql)?
                .query_row([now.as_millisecond()], |row| row.get(0))?)
        })?;
        next.map(|next| Timestamp::from_millisecond(next).map_err(|_| Error::Corrupt("time")))
            .transpose()
    }

    /// How many deliveries of the invoices' own addresses that a token named wait, counted up to `most`.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn waiting_of_token(&self, token: &str, most: u32) -> Result<u32, Error> {
        let sql = "SELECT count(*) FROM ( \
             SELECT 1 FROM deliveries WHERE state = 'pending' AND token IS NOT NULL AND token = ?1 LIMIT ?2) AS waiting";
        let token = token.to_owned();
        let waiting: i64 = self
            .query(move |connection| {
                Ok(connection
                    .prepare_cached(sql)?
                    .query_row((token, most), |row| row.get(0))?)
            })
            .await?;
        Ok(u32::try_from(waiting).unwrap_or(u32::MAX))
    }

    /// Forgets receivers for whom nothing waits and that were last tried before `before`, at most `limit`.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn forget_receivers(&self, before: Timestamp, limit: u32) -> Result<(), Error> {
        self.write(move |unit| {
            unit.execute(
                "DELETE FROM queues WHERE (shop, receiver) IN ( \
                     SELECT shop, receiver FROM queues WHERE due_at IS NULL AND attempted_at < ?1 \
                     ORDER BY attempted_at LIMIT ?2)",
                (before.as_millisecond(), limit),
            )?;
            Ok(())
        })
        .await
    }
}

/// Inside a unit of work: how an attempt at a delivery's receiver went. One that broke off for a reason of ours says nothing
/// about it.
pub(super) fn attempted(unit: &UnitOfWork<'_>, place: u64, attempt: &Attempt) -> Result<(), Error> {
    let health = match attempt.outcome {
        Outcome::Failed(Failure::Internal) => return Ok(()),
        outcome if outcome.is_success() => ReceiverHealth::Healthy,
        _ => ReceiverHealth::Failing,
    };
    unit.execute(
        "UPDATE queues SET standing = ?1, attempted_at = ?2, due_at = CASE WHEN due_at < ?2 THEN ?2 ELSE due_at END \
         WHERE (shop, receiver) = (SELECT shop, receiver FROM deliveries WHERE place = ?3)",
        (
            health.as_str(),
            attempt.started_at.as_millisecond(),
            to_sql(place)?,
        ),
    )?;
    Ok(())
}
