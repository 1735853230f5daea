//! Exchange rates as JSON, and what payments were worth by them. Numbers are decimal digits in texts.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use facture_domain::{Amount, Invoice, Rate, Status, Valuation};

/// An exchange rate.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = Rate)]
pub(crate) struct RateJson {
    /// What one bitcoin costs in the currency, in decimal digits.
    #[schema(example = "88050.25")]
    price: String,
    /// The sources whose median it is. What the node's plugin says (`node:`) may be up to an hour older than `at`.
    #[schema(example = "kraken,node:coinbase")]
    source: String,
    /// When the oldest of them said so, in seconds since 1970.
    #[schema(example = 1_795_195_150)]
    at: i64,
}

impl RateJson {
    pub(crate) fn of(rate: &Rate) -> Self {
        Self {
            price: rate.price.to_string(),
            source: rate.source.clone(),
            at: rate.at.as_second(),
        }
    }
}

/// What a payment was worth when it arrived.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = Valuation)]
pub(crate) struct ValuationJson {
    /// The currency.
    #[schema(example = "EUR")]
    currency: String,
    /// What arrived, in decimal digits, at this rate.
    #[schema(example = "9.91")]
    amount: String,
    /// The rate.
    rate: RateJson,
    /// When it was filled in by a rate that is not of the time of the payment, in seconds since 1970. `null`: it is of that time.
    #[schema(required = true)]
    filled_in_at: Option<i64>,
}

impl ValuationJson {
    pub(crate) fn of(valuation: &Valuation) -> Self {
        Self {
            currency: valuation.rate.currency.code().to_owned(),
            amount: valuation.value(),
            rate: RateJson::of(&valuation.rate),
            filled_in_at: valuation.filled_in_at.map(Timestamp::as_second),
        }
    }
}

/// What was received above what was asked for.
pub(crate) fn overpaid_msat(invoice: &Invoice) -> u64 {
    match (&invoice.status, invoice.amount) {
        (Status::Paid(settlement), Amount::Exact(asked)) => settlement
            .amount_received
            .msat()
            .saturating_sub(asked.msat()),
        _ => 0,
    }
}
