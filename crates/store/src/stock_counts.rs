//! How many pieces of what is sold were paid, and how many may still be: of items by `sales`, of payment links by `link_sales`.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::{error::Error, rows::from_sql, sql::Statements, unit::UnitOfWork};
use facture_domain::{ItemId, Slug};

/// What has a stock or a limit.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sold<'a> {
    /// By pay to reveal, piece by piece.
    Item(&'a ItemId),
    /// By a payment link, several pieces at once if it says so.
    Link(&'a Slug),
}

/// How many pieces there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct StockCounts {
    pub(super) sold: u32,
    /// Those whose invoices may be paid.
    pub(super) open: u32,
}

/// The statements for one table of sales.
struct Sql {
    /// Of those that were found to be sold. By an index alone.
    closed: &'static str,
    /// Of those that were not found to have ended.
    open: &'static str,
    close: &'static str,
}

/// Whether the invoice of a sale was paid, or is still open: with the sale as `s`, its invoice, if there is one, as `i`, and
/// the time as `?2`, if it is not another. One whose payment is held is unpaid here.
macro_rules! is {
    (sold) => {
        "(coalesce(i.status, '') = 'paid' OR i.payment_proven_at IS NOT NULL)"
    };
    (open) => {
        is!(open at "?2")
    };
    (open at $now:literal) => {
        concat!("CASE WHEN i.label IS NULL THEN s.reserved_until > ", $now, " ELSE i.status = 'unpaid' END")
    };
}

/// With a table, its column that says what was sold, and how many pieces a row of it is.
macro_rules! sql {
    ($table:literal, $of:literal, $pieces:literal) => {
        Sql {
            closed: concat!(
                "SELECT CAST(coalesce(sum(",
                $pieces,
                "), 0) AS BIGINT) FROM ",
                $table,
                " s WHERE s.",
                $of,
                " = ?1 AND s.state = 'sold'"
            ),
            open: concat!(
                "SELECT CAST(coalesce(sum(CASE WHEN ",
                is!(sold),
                " THEN ",
                $pieces,
                " END), 0) AS BIGINT), CAST(coalesce(sum(CASE WHEN NOT ",
                is!(sold),
                " AND ",
                is!(open),
                " THEN ",
                $pieces,
                " END), 0) AS BIGINT) FROM ",
                $table,
                " s LEFT JOIN invoices i ON i.label = s.label WHERE s.",
                $of,
                " = ?1 AND s.state = 'open'"
            ),
            close: concat!(
                "UPDATE ",
                $table,
                " SET state = (SELECT CASE WHEN ",
                is!(sold),
                " THEN 'sold' WHEN ",
                is!(open),
                " THEN 'open' ELSE 'released' END FROM ",
                $table,
                " s LEFT JOIN invoices i ON i.label = s.label \
                 WHERE s.label = ",
                $table,
                ".label) WHERE ",
                $of,
                " = ?1 AND state = 'open'"
            ),
        }
    };
}

/// The counts of all payment links by which something was ordered. Only for what may still be open an invoice is looked up.
const OF_LINKS: &str = concat!(
    "SELECT s.slug, CAST(coalesce(sum(CASE WHEN s.state = 'sold' OR ",
    is!(sold),
    " THEN s.pieces END), 0) AS BIGINT), CAST(coalesce(sum(CASE WHEN s.state = 'open' AND NOT ",
    is!(sold),
    " AND ",
    is!(open at "?1"),
    " THEN s.pieces END), 0) AS BIGINT) FROM link_sales s LEFT JOIN invoices i ON s.state = 'open' AND i.label = s.label \
     WHERE s.state <> 'released' GROUP BY s.slug"
);

const OF_ITEM: Sql = sql!("sales", "item", "1");
const OF_LINK: Sql = sql!("link_sales", "slug", "s.pieces");

impl Sold<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Item(id) => id.as_str(),
            Self::Link(slug) => slug.as_str(),
        }
    }

    fn sql(self) -> Sql {
        match self {
            Self::Item(_) => OF_ITEM,
            Self::Link(_) => OF_LINK,
        }
    }

    /// Writes down which sales have ended, and how: what is counted stays few.
    pub(super) fn close_ended(self, unit: &UnitOfWork<'_>) -> Result<(), Error> {
        unit.execute(self.sql().close, (self.name(), unit.now().as_second()))?;
        Ok(())
    }

    /// How many pieces there are at this time.
    pub(super) fn counts(
        self,
        database: &impl Statements,
        now: Timestamp,
    ) -> Result<StockCounts, Error> {
        let Sql { closed, open, .. } = self.sql();
        let closed: i64 = database
            .prepare_cached(closed)?
            .query_row([self.name()], |row| row.get(0))?;
        let (sold, open): (i64, i64) = database
            .prepare_cached(open)?
            .query_row((self.name(), now.as_second()), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        Ok(StockCounts {
            sold: number(closed.saturating_add(sold))?,
            open: number(open)?,
        })
    }
}

/// How many pieces there are of each payment link by which something was ordered, at this time.
pub(super) fn counts_of_links(
    database: &impl Statements,
    now: Timestamp,
) -> Result<HashMap<String, StockCounts>, Error> {
    let mut statement = database.prepare_cached(OF_LINKS)?;
    let rows = statement.query_map([now.as_second()], |row| {
        Ok((
            row.get::<String>(0)?,
            row.get::<i64>(1)?,
            row.get::<i64>(2)?,
        ))
    })?;
    rows.map(|row| {
        let (slug, sold, open) = row?;
        let counts = StockCounts {
            sold: number(sold)?,
            open: number(open)?,
        };
        Ok((slug, counts))
    })
    .collect()
}

fn number(count: i64) -> Result<u32, Error> {
    Ok(u32::try_from(from_sql(count)?).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{opened, plan};

    #[tokio::test]
    async fn what_was_sold_is_counted_from_an_index_alone() {
        let (_directory, store, _) = opened().await;
        for (sql, index) in [(OF_ITEM, "sales_of_item"), (OF_LINK, "link_sales_of_link")] {
            let plan = plan(&store, sql.closed);
            assert!(plan.contains(&format!("COVERING INDEX {index}")), "{plan}");
        }
    }
}
