//! Receipt numbers. Buyers keep them, so none is given twice, whatever becomes of the records. Records that were restored from a
//! backup do not know which numbers were given after it, but then they lack payments that were made before they were opened. So
//! such a payment begins a new series, which costs nothing where it only came while nothing ran.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::{
    error::Error,
    rows::from_sql,
    sql::{Connection, OptionalExtension, Statements},
};
use facture_domain::{ReceiptNumber, ReceiptSeries, ShopId};

/// Which series is counted on in this process.
#[derive(Debug)]
pub(super) struct ReceiptNumbers(Mutex<Opened>);

/// What the records had when they were opened.
#[derive(Clone, Copy, Debug)]
struct Opened {
    /// Above all that the records have.
    new: ReceiptSeries,
    /// When that was.
    at: Timestamp,
}

impl ReceiptNumbers {
    /// At the start, before anything is written.
    pub(super) fn open(connection: &Connection) -> Result<Self, Error> {
        Ok(Self(Mutex::new(Opened::read(connection)?)))
    }

    /// Others may have written.
    pub(super) fn open_again(&self, connection: &Connection) -> Result<(), Error> {
        *self.opened() = Opened::read(connection)?;
        Ok(())
    }

    fn opened(&self) -> MutexGuard<'_, Opened> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Inside a unit of work: the number of the payment that it takes in.
    pub(super) fn next(
        &self,
        database: &impl Statements,
        shop: &ShopId,
        paid_at: Timestamp,
    ) -> Result<ReceiptNumber, Error> {
        let last: Option<(u32, i64)> = database
            .prepare_cached("SELECT series, number FROM receipt_numbers WHERE shop_id = ?1")?
            .query_row([shop.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let last = last.map(|(series, number)| (ReceiptSeries::stored(series), number));
        let opened = *self.opened();
        // The node tells whole seconds.
        let was_missed = paid_at.as_second() <= opened.at.as_second();
        let (series, number) = match last {
            Some((series, number)) if series >= opened.new || !was_missed => (series, number + 1),
            _ => (opened.new, 1),
        };
        database
            .prepare_cached(
                "INSERT INTO receipt_numbers (shop_id, series, number) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (shop_id) DO UPDATE SET series = excluded.series, number = excluded.number",
            )?
            .execute((shop.as_str(), series.minutes(), number))?;
        Ok(ReceiptNumber {
            series,
            number: from_sql(number)?,
        })
    }
}

impl Opened {
    fn read(connection: &Connection) -> Result<Self, Error> {
        let last: Option<u32> = connection
            .prepare_cached("SELECT max(series) FROM receipt_numbers")?
            .query_row([], |row| row.get(0))?;
        let at = Timestamp::now();
        Ok(Self {
            new: ReceiptSeries::begin(at, last.map(ReceiptSeries::stored)),
            at,
        })
    }
}
