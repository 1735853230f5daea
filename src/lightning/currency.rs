//! What a price in another currency is in bitcoin, by the rates that the node's plugin `cln-currencyrate` knows.

use serde::Deserialize;
use serde_json::json;

use super::{Client, Error, Method};
use crate::invoice::{Msat, Parts, Price};

/// Why a price has no amount.
#[derive(Debug, thiserror::Error)]
pub enum CurrencyError {
    /// The node has no `currencyconvert`: it is older than v26.04, or runs without the plugin.
    #[error(
        "lightningd has no `currencyconvert`: it is older than v26.04 or runs without cln-currencyrate"
    )]
    NoPlugin,
    /// None of the plugin's sources knows this currency, or none of them answers.
    #[error("lightningd has no rate for {0}")]
    NoRate(String),
    /// More than 21 million bitcoin, or more than the plugin can count.
    #[error("the price is too high")]
    TooHigh,
    /// The node gave no answer.
    #[error(transparent)]
    Node(#[from] Error),
}

/// How many decimals of a millisatoshi the plugin is made to tell.
const PLACES: u32 = 6;

/// cln-plugin gives this code to whatever goes wrong in a plugin.
const PLUGIN_ERROR: i32 = -32700;

/// How the plugin says that no source has a rate.
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
            Err(Error::TooOld { .. }) => return Err(CurrencyError::NoPlugin),
            Err(Error::Rejected {
                code: PLUGIN_ERROR,
                message,
                ..
            }) if message.contains(NO_RESULTS) => {
                return Err(CurrencyError::NoRate(price.currency().to_owned()));
            }
            Err(error) => return Err(error.into()),
        };
        // A float too large for its integer becomes the largest integer.
        if msat == u64::MAX {
            return Err(CurrencyError::TooHigh);
        }
        Msat::from_msat(msat.div_ceil(per_unit).max(1)).ok_or(CurrencyError::TooHigh)
    }
}
