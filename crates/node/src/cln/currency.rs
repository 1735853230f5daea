//! What a price in another currency is in bitcoin, by the rates that the node's plugin `cln-currencyrate` knows.

use iso_currency::Currency;
use serde::Deserialize;
use serde_json::json;

use super::client::Client;
use crate::{
    cln::{error::Error, method::Method},
    info::CurrencyError,
};
use facture_domain::{Msat, Parts, Price};

/// How many decimals of a millisatoshi the plugin is made to tell.
const PLACES: u32 = 6;

/// cln-plugin gives this code to whatever goes wrong in a plugin.
const PLUGIN_ERROR: i32 = -32700;

/// How the plugin says that no source has a rate, whether none knows the currency or none answers.
const NO_RESULTS: &str = "no results for";

#[derive(Deserialize)]
struct Converted {
    msat: u64,
}

impl Client {
    /// What a price is now, rounded up to the next millisatoshi (`currencyconvert`). Bitcoin needs no rate, and no call.
    ///
    /// The plugin computes with floats and rounds to the nearest millisatoshi. It is therefore asked for a million times
    /// the price: the number that is sent is whole, so no float is between what was written and what is sent, and the
    /// answer has six decimals of a millisatoshi more, which are rounded up here, in whole numbers.
    ///
    /// # Errors
    /// [`CurrencyError`].
    pub async fn currencyconvert(&self, price: &Price) -> Result<Msat, CurrencyError> {
        let price = match price.in_bitcoin() {
            Ok(msat) => return msat.ok_or(CurrencyError::TooHigh),
            Err(price) => price,
        };
        let Parts { count, per_unit } = price.parts(PLACES);
        let request = json!({ "amount": count, "currency": price.currency() });
        let Converted { msat } = match self.call(Method::Currencyconvert, &request).await {
            Ok(converted) => converted,
            Err(Error::TooOld { .. }) => return Err(CurrencyError::NoRates),
            Err(Error::Rejected {
                code: PLUGIN_ERROR,
                message,
                ..
            }) if message.contains(NO_RESULTS) => {
                let currency = price.currency().to_owned();
                return Err(match is_currency(&currency) {
                    true => CurrencyError::Outage(currency),
                    false => CurrencyError::NoRate(currency),
                });
            }
            // The plugin takes whatever we send, so it is never the price's fault.
            Err(
                error @ Error::Rejected {
                    code: PLUGIN_ERROR, ..
                },
            ) => {
                return Err(CurrencyError::Failed(error.into()));
            }
            Err(error) => return Err(CurrencyError::Node(error.into())),
        };
        // A float too large for its integer becomes the largest integer.
        if msat == u64::MAX {
            return Err(CurrencyError::TooHigh);
        }
        Msat::from_msat(msat.div_ceil(per_unit).max(1)).ok_or(CurrencyError::TooHigh)
    }
}

/// Whether it is a currency of ISO 4217 that money is in: the plugin does not tell one that it does not know from sources
/// that do not answer. Its sources take lower case too. Codes for metals, bonds, tests and "none" are no money.
fn is_currency(code: &str) -> bool {
    let code = code.to_ascii_uppercase();
    Currency::from_code(&code).is_some_and(|currency| !currency.is_special())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_told_from_what_nobody_has_a_rate_for() {
        for code in ["USD", "EUR", "CHF", "JPY", "usd", "VES"] {
            assert!(is_currency(code), "{code}");
        }
        for code in ["XYZ", "XXX", "XTS", "EURO", "DOGE", "12"] {
            assert!(!is_currency(code), "{code}");
        }
    }
}
