//! The price in another currency beside the amount, and the rate between the two.

use jiff::Timestamp;

use crate::locale::Language;
use facture_domain::{Order, Price, Quote};

/// A price in another currency, formatted for the language.
pub(super) struct PriceView {
    pub(super) amount: String,
    pub(super) currency: String,
    pub(super) rate: Option<RateView>,
}

/// The rate by which the amount followed from the price.
pub(super) struct RateView {
    /// What one bitcoin costs in the currency.
    pub(super) price: String,
    pub(super) at: Timestamp,
}

impl PriceView {
    /// Of an order; `None` when its price is in bitcoin, and so adds nothing to the amount.
    pub(super) fn of(order: &Order, language: Language) -> Option<Self> {
        let quote = order.quote.as_ref();
        let Quote { currency, amount } =
            quote.filter(|quote| !Price::is_bitcoin(&quote.currency))?;
        Some(Self {
            amount: language.decimal(amount),
            currency: currency.clone(),
            rate: order.rate.as_ref().map(|rate| RateView {
                price: language.decimal(&rate.price.to_string()),
                at: rate.at,
            }),
        })
    }
}
