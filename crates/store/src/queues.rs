//! What waits to be delivered, in the order in which it is tried: a queue for each receiver, and the queues in lanes. They
//! are kept by what writes deliveries (`queue_row.rs`).

use jiff::Timestamp;
use rusqlite::Row;

use crate::{
    connection::all,
    error::Error,
    rows::{from_sql, to_sql},
    store::Store,
    unit::UnitOfWork,
};
use facture_domain::hook::{Attempt, Failure, Outcome};

/// Which queues: each lane's are tried apart from the others'.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lane {
    /// Of which endpoints.
    pub of: Audience,
    /// To which receivers.
    pub standing: Standing,
}

/// Of which endpoints deliveries are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// The shop's own, for all invoices.
    Shop,
    /// Those of one invoice, named by the request that makes it.
    Invoice,
}

/// How the last attempt at a receiver went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// There was none.
    New,
    /// It took what it was sent.
    Sound,
    /// It did not.
    Failing,
}

/// A delivery that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its place among all deliveries.
    pub place: u64,
    /// Host and port of who is to receive it.
    pub receiver: String,
}

impl Lane {
    /// All of them, the shop's own first.
    pub const ALL: [Self; 6] = {
        use Audience::{Invoice, Shop};
        use Standing::{Failing, New, Sound};
        [
            Self::new(Shop, Sound),
            Self::new(Shop, New),
            Self::new(Shop, Failing),
            Self::new(Invoice, Sound),
            Self::new(Invoice, New),
            Self::new(Invoice, Failing),
        ]
    };

    const fn new(of: Audience, standing: Standing) -> Self {
        Self { of, standing }
    }

    fn shop(self) -> bool {
        self.of == Audience::Shop
    }
}

impl Standing {
    fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Sound => "sound",
            Self::Failing => "failing",
        }
    }
}

impl Store {
    /// What is due at `now` in a lane: of the `receivers` whose turn it is, the first `each` deliveries. It costs the same
    /// however many wait.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn due(
        &self,
        lane: Lane,
        now: Timestamp,
        receivers: usize,
        each: usize,
    ) -> Result<Vec<Waiting>, Error> {
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
            lane.standing.as_str(),
            now.as_millisecond(),
            i64::try_from(receivers).unwrap_or(i64::MAX),
            i64::try_from(each).unwrap_or(i64::MAX),
        );
        let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let read = |(place, receiver)| {
            Ok(Waiting {
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
             CROSS JOIN (SELECT 'new' AS standing UNION ALL SELECT 'sound' UNION ALL SELECT 'failing') AS standings)";
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
             SELECT 1 FROM deliveries WHERE state = 'pending' AND token IS NOT NULL AND token = ?1 LIMIT ?2)";
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
    let standing = match attempt.outcome {
        Outcome::Failed(Failure::Internal) => return Ok(()),
        outcome if outcome.is_success() => Standing::Sound,
        _ => Standing::Failing,
    };
    unit.execute(
        "UPDATE queues SET standing = ?1, attempted_at = ?2, due_at = max(due_at, ?2) \
         WHERE (shop, receiver) = (SELECT shop, receiver FROM deliveries WHERE place = ?3)",
        (
            standing.as_str(),
            attempt.started_at.as_millisecond(),
            to_sql(place)?,
        ),
    )?;
    Ok(())
}
