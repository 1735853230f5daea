//! How many sales of an item were paid, and how many may still be.

use jiff::Timestamp;

use crate::{connection::Statements, error::Error, rows::from_sql, unit::UnitOfWork};
use facture_domain::ItemId;

/// How many sales of an item there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SaleCounts {
    pub(super) sold: u32,
    /// Those whose invoices may be paid.
    pub(super) open: u32,
}

/// Whether the invoice of a sale was paid, or is still open: with the sale as `s`, its invoice, if there is one, as `i`, and
/// the time as `?2`. One whose payment is held is unpaid here.
macro_rules! is {
    (sold) => {
        "(coalesce(i.status, '') = 'paid' OR i.payment_proven_at IS NOT NULL)"
    };
    (open) => {
        "CASE WHEN i.label IS NULL THEN s.reserved_until > ?2 ELSE i.status = 'unpaid' END"
    };
}

/// Of those that were not found to have ended.
const COUNT: &str = concat!(
    "SELECT coalesce(sum(",
    is!(sold),
    "), 0), coalesce(sum(NOT ",
    is!(sold),
    " AND ",
    is!(open),
    "), 0) FROM sales s LEFT JOIN invoices i ON i.label = s.label WHERE s.item = ?1 AND s.state = 'open'"
);

const CLOSE: &str = concat!(
    "UPDATE sales SET state = (SELECT CASE WHEN ",
    is!(sold),
    " THEN 'sold' WHEN ",
    is!(open),
    " THEN 'open' ELSE 'released' END FROM sales s LEFT JOIN invoices i ON i.label = s.label WHERE s.label = sales.label) \
     WHERE item = ?1 AND state = 'open'"
);

/// Writes down which of an item's sales have ended, and how: what is counted stays few.
pub(super) fn close_ended(unit: &UnitOfWork<'_>, item: &ItemId) -> Result<(), Error> {
    unit.execute(CLOSE, (item.as_str(), unit.now().as_second()))?;
    Ok(())
}

/// How many sales of an item there are at this time.
pub(super) fn counts(
    database: &impl Statements,
    item: &ItemId,
    now: Timestamp,
) -> Result<SaleCounts, Error> {
    let sql = "SELECT count(*) FROM sales WHERE item = ?1 AND state = 'sold'";
    let closed: i64 = database
        .prepare_cached(sql)?
        .query_row([item.as_str()], |row| row.get(0))?;
    let (sold, open): (i64, i64) = database
        .prepare_cached(COUNT)?
        .query_row((item.as_str(), now.as_second()), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    Ok(SaleCounts {
        sold: number(closed.saturating_add(sold))?,
        open: number(open)?,
    })
}

fn number(count: i64) -> Result<u32, Error> {
    Ok(u32::try_from(from_sql(count)?).unwrap_or(u32::MAX))
}
