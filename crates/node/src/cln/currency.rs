//! What a bitcoin costs in another currency, as the sources of lightningd's plugin `cln-currencyrate` say.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{json, value::RawValue};

use super::client::Client;
use crate::{
    cln::{error::Error, method::Method},
    info::{CurrencyError, SourceRate},
};
use facture_domain::{Currency, RatePrice};

/// cln-plugin gives this code to whatever goes wrong in a plugin.
const PLUGIN_ERROR: i32 = -32700;

/// How the plugin says that no source has a rate, whether none knows the currency or none answers.
const NO_RESULTS: &str = "no results for";

/// How many units the plugin is asked to convert: so many that whole millisatoshis are exact enough.
const UNITS: u64 = 1_000_000;

/// The name of what the plugin says without naming its sources.
const MEDIAN: &str = "median";

#[derive(Deserialize)]
struct Listed {
    currencyrates: Vec<ListedRate>,
}

#[derive(Deserialize)]
struct ListedRate {
    source: String,
    /// The plugin computes with floats; its digits are read as they stand.
    amount: Box<RawValue>,
}

#[derive(Deserialize)]
struct Converted {
    msat: u64,
}

impl Client {
    /// What each source of the node says (`listcurrencyrates`). A rune from before that call was in ours allows
    /// `currencyconvert` only: then the plugin's median counts as one source.
    ///
    /// What cannot be a price is left out.
    ///
    /// # Errors
    /// [`CurrencyError`].
    pub async fn currency_rates(
        &self,
        currency: Currency,
    ) -> Result<Vec<SourceRate>, CurrencyError> {
        let request = json!({ "currency": currency.code() });
        let listed: Listed = match self.call(Method::Listcurrencyrates, &request).await {
            Ok(listed) => listed,
            Err(Error::Forbidden { .. }) => return self.median(currency).await,
            Err(error) => return Err(failure(error, currency)),
        };
        let rates = listed.currencyrates.into_iter();
        Ok(rates
            .filter_map(|rate| {
                let price = RatePrice::parse(rate.amount.get()).ok()?;
                let source = rate.source;
                Some(SourceRate { source, price })
            })
            .collect())
    }

    async fn median(&self, currency: Currency) -> Result<Vec<SourceRate>, CurrencyError> {
        let request = json!({ "amount": UNITS, "currency": currency.code() });
        let Converted { msat } = self
            .call(Method::Currencyconvert, &request)
            .await
            .map_err(|error| failure(error, currency))?;
        let price = RatePrice::of_exchange(UNITS, msat).ok();
        let source = MEDIAN.to_owned();
        let rate = price.map(|price| SourceRate { source, price });
        Ok(rate.into_iter().collect())
    }
}

fn failure(error: Error, currency: Currency) -> CurrencyError {
    match error {
        Error::TooOld { .. } => CurrencyError::NoRates,
        Error::Rejected {
            code: PLUGIN_ERROR,
            message,
            ..
        } if message.contains(NO_RESULTS) => CurrencyError::Outage(currency),
        // The plugin takes whatever we send, so it is never the currency's fault.
        error @ Error::Rejected {
            code: PLUGIN_ERROR, ..
        } => CurrencyError::Failed(error.into()),
        error => CurrencyError::Node(Arc::new(error.into())),
    }
}
