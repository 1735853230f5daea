//! Tombstones: which places of the node's `created` index belong to invoices that were forgotten, so that nothing brings
//! them back.

use crate::{
    error::Error,
    rows::to_sql,
    sql::{OptionalExtension, Statements},
};
use facture_domain::{Invoice, Status};

/// Whether an invoice that is not in the mirror was forgotten, and there is no reason to have it again.
pub(super) fn is_forgotten(database: &impl Statements, reported: &Invoice) -> Result<bool, Error> {
    match reported.status {
        Status::Paid(_) => return Ok(false),
        Status::Accepted(_) => return Ok(false),
        Status::Unpaid | Status::Expired => {}
    }
    let index = to_sql(reported.number)?;
    Ok(range_below(database, index)?.is_some_and(|range| {
        index <= range.last && reported.expires_at.as_second() <= range.expires_at
    }))
}

/// A row of `tombstones`.
struct Range {
    first: i64,
    last: i64,
    expires_at: i64,
}

/// Remembers a place in the node's `created` index.
pub(super) fn bury(database: &impl Statements, index: i64, expires_at: i64) -> Result<(), Error> {
    let mut range = match range_below(database, index)? {
        Some(below) if below.last >= index - 1 => Range {
            last: below.last.max(index),
            expires_at: below.expires_at.max(expires_at),
            ..below
        },
        _ => Range {
            first: index,
            last: index,
            expires_at,
        },
    };
    if let Some(above) = range_below(database, range.last + 1)?
        && above.first == range.last + 1
    {
        database
            .prepare_cached("DELETE FROM tombstones WHERE first_index = ?1")?
            .execute([above.first])?;
        range.last = above.last;
        range.expires_at = range.expires_at.max(above.expires_at);
    }
    database
        .prepare_cached(
            "INSERT INTO tombstones (first_index, last_index, expires_at) VALUES (?1, ?2, ?3) \
             ON CONFLICT (first_index) DO UPDATE \
             SET last_index = excluded.last_index, expires_at = excluded.expires_at",
        )?
        .execute([range.first, range.last, range.expires_at])?;
    Ok(())
}

/// The last range that begins at this place or before it.
fn range_below(database: &impl Statements, index: i64) -> Result<Option<Range>, Error> {
    let found = database
        .prepare_cached(
            "SELECT first_index, last_index, expires_at FROM tombstones \
             WHERE first_index <= ?1 ORDER BY first_index DESC LIMIT 1",
        )?
        .query_row([index], |row| {
            Ok(Range {
                first: row.get(0)?,
                last: row.get(1)?,
                expires_at: row.get(2)?,
            })
        });
    Ok(found.optional()?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::tests::{invoice, opened};
    use jiff::Timestamp;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// However they come, exactly those are remembered, in as few rows as there are gaps.
        #[test]
        fn ranges_hold_exactly_what_was_forgotten(indexes in prop::collection::vec(1..40_u64, 0..60)) {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                let (_directory, store, _) = opened().await;
                let forgotten: BTreeSet<u64> = indexes.iter().copied().collect();
                store.write(move |unit| {
                    for index in &indexes {
                        bury(unit, to_sql(*index)?, 50)?;
                    }
                    Ok(())
                }).await.unwrap();
                for index in 1..41 {
                    let reported = expired(index);
                    let found = store.lookup(|connection| is_forgotten(connection, &reported));
                    assert_eq!(found.unwrap(), forgotten.contains(&index), "{index}");
                }
                let gaps = forgotten.iter().filter(|index| !forgotten.contains(&(*index + 1))).count();
                let rows: i64 = store
                    .lookup(|connection| Ok(connection.prepare_cached("SELECT count(*) FROM tombstones")?.query_row([], |row| row.get(0))?))
                    .unwrap();
                assert_eq!(usize::try_from(rows).unwrap(), gaps);
            });
        }
    }

    /// Expired in 1970.
    fn expired(number: u64) -> Invoice {
        let mut expired = invoice(number, String::new(), Status::Expired);
        expired.expires_at = Timestamp::from_second(i64::try_from(number).unwrap()).unwrap();
        expired
    }
}
