//! The numbers of events. Others keep them as their place in the log, so a number is given once, whatever becomes of the
//! records: with each start they begin at the time, if that is higher than the last one. Records that were restored from a
//! backup or built anew thus go on above all numbers that were ever sent, as long as the clock is right.

use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;

use crate::{
    error::Error,
    rows::{from_sql, to_sql},
    sql::Statements,
};

/// 2020-01-01, in milliseconds since 1970.
const EPOCH_MS: i64 = 1_577_836_800_000;

/// So many numbers for each millisecond: more than 16,000 events a second, for the whole time since the start, would reach
/// into the numbers of a later one. JSON's numbers are exact up to 2^53, which is reached in the year 19,861.
const NUMBERS_PER_MS: i64 = 16;

/// No higher than this, whatever the clock says: half of the numbers are left.
const MAX_FLOOR: i64 = 1 << 52;

/// Gives the numbers of one process.
#[derive(Debug, Default)]
pub(super) struct EventNumbers {
    has_floor: AtomicBool,
}

impl EventNumbers {
    /// Inside a unit of work: the number of the next event.
    pub(super) fn next(&self, database: &impl Statements) -> Result<i64, Error> {
        let next = to_sql(last(database)?)? + 1;
        // Only the first event of this process begins anew. If its unit of work is rolled back, the next one is at most
        // some milliseconds' numbers lower, and no number was told.
        Ok(match self.has_floor.load(Ordering::Relaxed) {
            true => next,
            false => next.max(floor(Timestamp::now())),
        })
    }

    /// Others may have written: the next event is the first one again.
    pub(super) fn begin_anew(&self) {
        self.has_floor.store(false, Ordering::Relaxed);
    }

    /// The first event was committed.
    pub(super) fn committed(&self) {
        self.has_floor.store(true, Ordering::Relaxed);
    }
}

/// The number of the last event that there ever was; 0: none.
pub(super) fn last(database: &impl Statements) -> Result<u64, Error> {
    let last: i64 = database
        .prepare_cached(
            "SELECT max(last) FROM \
             (SELECT last FROM event_numbers UNION ALL SELECT max(sequence) FROM events) AS numbers",
        )?
        .query_row([], |row| row.get(0))?;
    from_sql(last)
}

/// Inside a unit of work that deletes events, before it does: none of their numbers is given again.
pub(super) fn retire(database: &impl Statements) -> Result<(), Error> {
    let last = to_sql(last(database)?)?;
    database
        .prepare_cached("UPDATE event_numbers SET last = ?1 WHERE last < ?1")?
        .execute([last])?;
    Ok(())
}

fn floor(now: Timestamp) -> i64 {
    let since = now.as_millisecond().saturating_sub(EPOCH_MS);
    since.saturating_mul(NUMBERS_PER_MS).clamp(1, MAX_FLOOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_floor_rises_with_the_time_and_leaves_room() {
        let at = |text: &str| floor(text.parse().unwrap());
        assert_eq!(at("1969-12-31T00:00:00Z"), 1);
        assert_eq!(at("2019-01-01T00:00:00Z"), 1);
        assert!(at("2026-11-28T00:00:00Z") < at("2026-11-28T00:00:01Z"));
        assert!(at("2126-11-28T00:00:00Z") < 1 << 48);
        assert_eq!(
            at("9999-12-30T00:00:00Z"),
            at("9999-12-30T00:00:00Z").min(MAX_FLOOR)
        );
        assert!(at("9999-12-30T00:00:00Z") <= MAX_FLOOR);
    }
}
