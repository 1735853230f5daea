//! How much is asked for, in millisatoshis or, for a refund, in the currency of the sale's price.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    payouts::RequestedAmount,
    web::{error::Problem, whole_number::WholeNumber},
};
use facture_domain::{CurrencyRefund, Label, Msat, ParsePriceError, Price, RefundRate};

/// At which rate a refund becomes bitcoin.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RefundRate)]
pub(crate) enum RefundRateJson {
    Sale,
    Today,
}

/// The fields of a request that say how much.
pub(crate) struct AmountFields<'a> {
    pub(crate) amount_msat: Option<WholeNumber>,
    pub(crate) amount: Option<&'a str>,
    pub(crate) currency: Option<&'a str>,
    pub(crate) rate: Option<RefundRateJson>,
    pub(crate) sale: Option<&'a Label>,
}

impl AmountFields<'_> {
    /// How much; `None`: they do not say.
    ///
    /// # Errors
    /// [`Problem::Invalid`] for the first invalid field.
    pub(crate) fn parse(self) -> Result<Option<RequestedAmount>, Problem> {
        let Some(amount) = self.amount else {
            return match (self.currency, self.rate) {
                (Some(_), _) => Err(wrong_currency("The currency needs an amount.")),
                (None, Some(_)) => {
                    let message = "The rate needs an amount and a currency.".to_owned();
                    Err(Problem::invalid("rate", "rate_invalid", message))
                }
                (None, None) => {
                    let amount = self.amount_msat.map(msat).transpose()?;
                    Ok(amount.map(RequestedAmount::Msat))
                }
            };
        };
        let Some(currency) = self.currency else {
            return Err(wrong_amount("The amount needs a currency."));
        };
        if self.amount_msat.is_some() {
            return Err(wrong_amount("Send amount or amount_msat, not both."));
        }
        if self.sale.is_none() {
            let message =
                "Only refunds can be in a currency: send the label of the sale as invoice.";
            return Err(wrong_amount(message));
        }
        let price = Price::parse(amount, currency).map_err(|error| match error {
            ParsePriceError::Currency => wrong_currency(&format!("The currency {error}.")),
            ParsePriceError::Amount | ParsePriceError::Digits => {
                wrong_amount(&format!("The amount {error}."))
            }
        })?;
        Ok(Some(RequestedAmount::InCurrency(CurrencyRefund {
            price,
            rate: match self.rate {
                None | Some(RefundRateJson::Sale) => RefundRate::Sale,
                Some(RefundRateJson::Today) => RefundRate::Today,
            },
        })))
    }
}

fn wrong_amount(message: &str) -> Problem {
    Problem::invalid("amount", "currency_amount_invalid", message)
}

fn wrong_currency(message: &str) -> Problem {
    Problem::invalid("currency", "currency_invalid", message)
}

fn msat(WholeNumber(msat): WholeNumber) -> Result<Msat, Problem> {
    match payable(msat) {
        Some(amount) if amount.msat() > 0 => Ok(amount),
        Some(_) => Err(Problem::invalid(
            "amount_msat",
            "amount_too_small",
            "The amount_msat must be at least 1.".to_owned(),
        )),
        None => Err(Problem::invalid(
            "amount_msat",
            "amount_too_large",
            format!("The amount_msat must be at most {}.", Msat::PAYABLE.msat()),
        )),
    }
}

/// What can be paid at most.
pub(super) fn payable(msat: u64) -> Option<Msat> {
    Msat::from_msat(msat).filter(|amount| *amount <= Msat::PAYABLE)
}
