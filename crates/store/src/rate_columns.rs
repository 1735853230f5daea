//! Exchange rates as columns.

use jiff::Timestamp;

use crate::error::Error;
use facture_domain::{Currency, Rate, RatePrice};

/// A rate as several columns have it.
pub(super) fn rate(currency: &str, price: &str, source: String, at: i64) -> Result<Rate, Error> {
    Ok(Rate {
        currency: Currency::parse(currency).map_err(|_| Error::Corrupt("currency"))?,
        price: RatePrice::parse(price).map_err(|_| Error::Corrupt("rate"))?,
        source,
        at: Timestamp::from_second(at).map_err(|_| Error::Corrupt("time"))?,
    })
}
