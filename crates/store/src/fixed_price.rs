//! What a price in another currency was fixed to, as a column.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    error::Error,
    rate_columns::rate,
    rows::{amount, json, to_sql},
};
use facture_domain::FixedPrice;

#[derive(Deserialize, Serialize)]
pub(super) struct PriceJson<'a> {
    amount_msat: i64,
    currency: Cow<'a, str>,
    rate: Cow<'a, str>,
    rate_source: Cow<'a, str>,
    rate_at: i64,
}

impl PriceJson<'_> {
    pub(super) fn text(fixed: &FixedPrice) -> Result<String, Error> {
        let FixedPrice { amount, rate } = fixed;
        json(&PriceJson {
            amount_msat: to_sql(amount.msat())?,
            currency: rate.currency.code().into(),
            rate: rate.price.to_string().into(),
            rate_source: rate.source.as_str().into(),
            rate_at: rate.at.as_second(),
        })
    }

    pub(super) fn read(column: &str) -> Result<FixedPrice, Error> {
        let row: PriceJson<'_> =
            serde_json::from_str(column).map_err(|_| Error::Corrupt("price"))?;
        Ok(FixedPrice {
            amount: amount(row.amount_msat)?,
            rate: rate(
                &row.currency,
                &row.rate,
                row.rate_source.into_owned(),
                row.rate_at,
            )?,
        })
    }
}
