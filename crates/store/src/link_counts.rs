//! How many pieces of a payment link were paid, and how many may still be.

use jiff::Timestamp;

use crate::{connection::Statements, error::Error, rows::from_sql, unit::UnitOfWork};
use facture_domain::Slug;

/// How many pieces of a link there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LinkCounts {
    pub(super) sold: u32,
    /// Those whose invoices may be paid.
    pub(super) open: u32,
}

/// Whether the invoice of a sale was paid, or is still open: with the sale as `s`, its invoice, if there is one, as `i`, and
/// the time as `?2`.
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
    "SELECT coalesce(sum(s.pieces * ",
    is!(sold),
    "), 0), coalesce(sum(s.pieces * (NOT ",
    is!(sold),
    " AND ",
    is!(open),
    ")), 0) FROM link_sales s LEFT JOIN invoices i ON i.label = s.label WHERE s.slug = ?1 AND s.state = 'open'"
);

const CLOSE: &str = concat!(
    "UPDATE link_sales SET state = (SELECT CASE WHEN ",
    is!(sold),
    " THEN 'sold' WHEN ",
    is!(open),
    " THEN 'open' ELSE 'released' END FROM link_sales s LEFT JOIN invoices i ON i.label = s.label \
     WHERE s.label = link_sales.label) WHERE slug = ?1 AND state = 'open'"
);

/// Writes down which of a link's sales have ended, and how: what is counted stays few. What a buyer said about themselves goes
/// where no invoice was made.
pub(super) fn close_ended(unit: &UnitOfWork<'_>, slug: &Slug) -> Result<(), Error> {
    unit.execute(CLOSE, (slug.as_str(), unit.now().as_second()))?;
    unit.execute(
        "DELETE FROM link_sales WHERE slug = ?1 AND state = 'released' \
         AND NOT EXISTS (SELECT 1 FROM invoices WHERE invoices.label = link_sales.label)",
        [slug.as_str()],
    )?;
    Ok(())
}

/// How many pieces of a link there are at this time.
pub(super) fn counts(
    database: &impl Statements,
    slug: &Slug,
    now: Timestamp,
) -> Result<LinkCounts, Error> {
    let sql = "SELECT coalesce(sum(pieces), 0) FROM link_sales WHERE slug = ?1 AND state = 'sold'";
    let closed: i64 = database
        .prepare_cached(sql)?
        .query_row([slug.as_str()], |row| row.get(0))?;
    let (sold, open): (i64, i64) = database
        .prepare_cached(COUNT)?
        .query_row((slug.as_str(), now.as_second()), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    Ok(LinkCounts {
        sold: number(closed.saturating_add(sold))?,
        open: number(open)?,
    })
}

fn number(count: i64) -> Result<u32, Error> {
    Ok(u32::try_from(from_sql(count)?).unwrap_or(u32::MAX))
}
