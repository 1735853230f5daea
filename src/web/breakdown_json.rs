//! How the price of a sale is made up, in requests and answers. Amounts are decimal digits in strings.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use facture_domain::{Breakdown, TaxLine};

/// What is taxed at one rate, in the currency of the price.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TaxLine)]
pub(crate) struct TaxLineJson {
    /// The rate in percent, at most 100, with at most 4 decimals.
    #[schema(pattern = "^[0-9]+(\\.[0-9]+)?$", max_length = 20, example = "19")]
    rate: String,
    /// The amount without the tax.
    #[schema(pattern = "^[0-9]+(\\.[0-9]+)?$", max_length = 20, example = "8.32")]
    net: String,
    /// The tax.
    #[schema(pattern = "^[0-9]+(\\.[0-9]+)?$", max_length = 20, example = "1.58")]
    tax: String,
}

impl TaxLineJson {
    /// The lines of a breakdown.
    pub(crate) fn all(breakdown: Option<&Breakdown>) -> Vec<Self> {
        let lines = breakdown.map_or(&[][..], |breakdown| &breakdown.tax);
        let lines = lines.iter().map(|line| Self {
            rate: line.rate.clone(),
            net: line.net.clone(),
            tax: line.tax.clone(),
        });
        lines.collect()
    }

    /// As it was sent: to be checked.
    pub(crate) fn into_line(self) -> TaxLine {
        TaxLine {
            rate: self.rate,
            net: self.net,
            tax: self.tax,
        }
    }
}
