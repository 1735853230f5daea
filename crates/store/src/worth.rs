//! What sales were worth, added up by the database: in the smallest coin of each currency, so that no sum is rounded.

use crate::{
    error::Error,
    rows::from_sql,
    sql::{self, Params, Row, Statements, all},
};
use facture_domain::{
    Currency,
    desk::{Worth, WorthSum},
};

/// A worth in the smallest coin; `NULL` where none is known.
macro_rules! coins {
    () => {
        "CAST(replace(paid_fiat, '.', '') AS BIGINT)"
    };
}

/// What is added up of rows with `quote_currency`, `amount_received_msat` and `paid_fiat`, for each currency. In two parts each: a sum
/// may be more than one number of the database.
macro_rules! worth_columns {
    () => {
        concat!(
            "quote_currency, count(*), CAST(sum(amount_received_msat / 1000) AS BIGINT), CAST(sum(amount_received_msat % 1000) AS BIGINT), \
             count(paid_fiat), CAST(sum(",
            $crate::worth::coins!(),
            " / 1000) AS BIGINT), CAST(sum(",
            $crate::worth::coins!(),
            " % 1000) AS BIGINT)"
        )
    };
}

pub(crate) use {coins, worth_columns};

/// What rows come to.
#[derive(Debug, Default)]
pub(super) struct Added {
    pub(super) count: u64,
    pub(super) msat: i128,
    pub(super) worth: Worth,
}

/// A row of [`worth_columns`].
struct Sums {
    currency: Option<String>,
    count: i64,
    msat: i128,
    valued: i64,
    coins: i128,
}

/// Adds up the rows of a query that selects [`worth_columns`].
pub(super) fn added(
    database: &impl Statements,
    sql: &str,
    parameters: impl Params,
) -> Result<Added, Error> {
    let mut added = Added::default();
    for sums in all(database, sql, parameters, Sums::from_row, Ok)? {
        let (count, valued): (u64, u64) = (from_sql(sums.count)?, from_sql(sums.valued)?);
        added.count += count;
        added.msat += sums.msat;
        added.worth.unknown += count - valued;
        if valued > 0 {
            let code = sums.currency.unwrap_or_default();
            let currency = Currency::parse(&code).map_err(|_| Error::Corrupt("currency"))?;
            let sum = WorthSum::of_coins(currency, valued, sums.coins);
            added.worth.sums.push(sum.ok_or(Error::Corrupt("worth"))?);
        }
    }
    added.worth.sums.sort_by_key(|sum| sum.currency.code());
    Ok(added)
}

impl Sums {
    fn from_row(row: &Row<'_>) -> sql::Result<Self> {
        let whole = |thousands: Option<i64>, rest: Option<i64>| {
            i128::from(thousands.unwrap_or(0)) * 1000 + i128::from(rest.unwrap_or(0))
        };
        Ok(Self {
            currency: row.get(0)?,
            count: row.get(1)?,
            msat: whole(row.get(2)?, row.get(3)?),
            valued: row.get(4)?,
            coins: whole(row.get(5)?, row.get(6)?),
        })
    }
}
