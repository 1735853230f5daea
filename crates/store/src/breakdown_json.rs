//! How the price of a sale is made up, as the JSON of a column.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use facture_domain::{Breakdown, TaxLine};

#[derive(Deserialize, Serialize)]
struct BreakdownJson<'a> {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tax: Vec<TaxLineJson<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tip: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    discount: Option<Cow<'a, str>>,
}

#[derive(Deserialize, Serialize)]
struct TaxLineJson<'a> {
    rate: Cow<'a, str>,
    net: Cow<'a, str>,
    tax: Cow<'a, str>,
}

/// The text of the column.
pub(super) fn write(breakdown: &Breakdown) -> Result<String, Error> {
    let lines = breakdown.tax.iter().map(|line| TaxLineJson {
        rate: line.rate.as_str().into(),
        net: line.net.as_str().into(),
        tax: line.tax.as_str().into(),
    });
    let row = BreakdownJson {
        tax: lines.collect(),
        tip: breakdown.tip.as_deref().map(Cow::from),
        discount: breakdown.discount.as_deref().map(Cow::from),
    };
    serde_json::to_string(&row).map_err(|_| Error::Corrupt("breakdown"))
}

/// Reads the column.
pub(super) fn read(column: &str) -> Result<Breakdown, Error> {
    let row: BreakdownJson<'_> =
        serde_json::from_str(column).map_err(|_| Error::Corrupt("breakdown"))?;
    let lines = row.tax.into_iter().map(|line| TaxLine {
        rate: line.rate.into_owned(),
        net: line.net.into_owned(),
        tax: line.tax.into_owned(),
    });
    Ok(Breakdown {
        tax: lines.collect(),
        tip: row.tip.map(Cow::into_owned),
        discount: row.discount.map(Cow::into_owned),
    })
}
