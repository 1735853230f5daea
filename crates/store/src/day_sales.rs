//! What the sales of a time come to, for the desk's first page.

use std::ops::Range;

use crate::{
    error::Error,
    rows::from_sql,
    sql::all,
    store::Store,
    worth::{added, worth_columns},
};
use facture_domain::{
    Channel,
    desk::{DaySales, HourSales},
};

/// More than this is not counted.
const MOST: u32 = 100_000;

/// All of it is in the index.
const BY_HOUR: &str = "SELECT (paid_at - ?1) / 3600, channel, count(*), CAST(sum(amount_received_msat / 1000) AS BIGINT), \
     CAST(sum(amount_received_msat % 1000) AS BIGINT) FROM invoices INDEXED BY invoices_paid \
     WHERE status = 'paid' AND paid_at >= ?1 AND paid_at < ?2 GROUP BY 1, 2 ORDER BY 1, 2";

/// So is all of this.
pub(super) const WORTH: &str = concat!(
    "SELECT ",
    worth_columns!(),
    " FROM invoices INDEXED BY invoices_paid \
     WHERE status = 'paid' AND paid_at >= ?1 AND paid_at < ?2 GROUP BY quote_currency"
);

const EXPIRED: &str = "SELECT count(*) FROM (SELECT 1 FROM invoices INDEXED BY invoices_status \
     WHERE status = 'expired' AND created_at >= ?1 AND created_at < ?2 LIMIT ?3) AS expired";

const FAILING: &str = "SELECT receiver FROM queues INDEXED BY queues_due \
     WHERE shop = 1 AND standing = 'failing' AND due_at IS NOT NULL ORDER BY due_at, place LIMIT ?1";

impl Store {
    /// The sales that were paid in this time, in seconds since 1970, by the hours since it began and by channel; what
    /// they were worth; and how many
    /// invoices that were created in it expired or were cancelled.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn day_sales(&self, time: Range<i64>) -> Result<DaySales, Error> {
        self.query(move |connection| {
            let bounds = (time.start, time.end);
            let hours = all(
                connection,
                BY_HOUR,
                bounds,
                |row| {
                    let columns: (u32, Option<String>, i64, i64, i64) = (
                        row.get(0)?,
                        row.get(1)?,
                        row.get(2)?,
                        row.get(3)?,
                        row.get(4)?,
                    );
                    Ok(columns)
                },
                |(hour, channel, count, sat, msat)| {
                    let channel = channel.as_deref().map(Channel::parse);
                    let channel = channel.map(|known| known.ok_or(Error::Corrupt("channel")));
                    Ok(HourSales {
                        hour,
                        channel: channel.transpose()?,
                        count: from_sql(count)?,
                        msat: i128::from(sat) * 1000 + i128::from(msat),
                    })
                },
            )?;
            let expired = connection
                .prepare_cached(EXPIRED)?
                .query_row((time.start, time.end, MOST), |row| row.get(0))?;
            let expired = from_sql(expired)?;
            Ok(DaySales {
                hours,
                worth: added(connection, WORTH, bounds)?.worth,
                expired,
            })
        })
        .await
    }

    /// Receivers of the shop's webhooks whose last attempt failed and for whom something waits, at most `limit`.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn failing_receivers(&self, limit: u32) -> Result<Vec<String>, Error> {
        self.query(move |connection| all(connection, FAILING, [limit], |row| row.get(0), Ok))
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{at, invoice, opened, plan};
    use facture_domain::{Msat, Settlement, Status};
    use jiff::Timestamp;

    #[tokio::test]
    async fn a_day_is_read_from_indexes_alone() {
        let (_directory, store, _) = opened().await;
        for (sql, index) in [
            (
                BY_HOUR,
                "USING COVERING INDEX invoices_paid (paid_at>? AND paid_at<?)",
            ),
            (
                EXPIRED,
                "USING COVERING INDEX invoices_status (status=? AND created_at>? AND created_at<?)",
            ),
            (FAILING, "queues_due (shop=? AND standing=? AND due_at>?)"),
        ] {
            let plan = plan(&store, sql);
            assert!(plan.contains(index), "{plan}");
        }
    }

    #[tokio::test]
    async fn what_is_paid_in_the_time_is_added_up_to_the_last_digit() {
        let (_directory, store, node) = opened().await;
        let start = 1_795_195_153;
        let sale = |number: u64, after: i64, msat: u64, channel| {
            let mut sale = invoice(
                number,
                String::new(),
                Status::Paid(Settlement {
                    amount_received: Msat::from_msat(msat).unwrap(),
                    paid_at: Timestamp::from_second(start + after).unwrap(),
                    pay_index: number,
                }),
            );
            sale.order.channel = channel;
            sale
        };
        let api = Some(Channel::Api);
        let page = [
            sale(1, -1, 5, api),
            sale(2, 0, Msat::MAX.msat(), api),
            sale(3, 3599, Msat::MAX.msat(), api),
            sale(4, 3599, Msat::MAX.msat(), api),
            sale(5, 3599, Msat::MAX.msat(), api),
            sale(6, 3599, Msat::MAX.msat(), api),
            sale(7, 3600, 1, None),
            sale(8, 7200, 1, api),
            invoice(9, String::new(), Status::Expired),
        ];
        store.apply(&node, &page, &at(1)).await.unwrap();
        let day = store.day_sales(start..start + 7200).await.unwrap();
        let five = 5 * i128::from(Msat::MAX.msat());
        let hour = |hour, channel, count, msat| HourSales {
            hour,
            channel,
            count,
            msat,
        };
        assert_eq!(day.hours, [hour(0, api, 5, five), hour(1, None, 1, 1)]);
        assert_eq!(day.expired, 1);
        assert!(store.failing_receivers(5).await.unwrap().is_empty());
    }
}
