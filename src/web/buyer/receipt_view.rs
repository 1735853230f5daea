//! What a receipt says besides the payment itself: who sold it, and how the price is made up.

use super::pages::Pages;
use crate::locale::Language;
use facture_domain::{Breakdown, Invoice, ReceiptNumber};

/// A receipt.
pub(super) struct ReceiptView {
    /// `None`: it was paid before there were numbers.
    pub(super) number: Option<ReceiptNumber>,
    /// The seller's name and address.
    pub(super) seller: Vec<String>,
    /// The seller's number at the tax office; empty: none.
    pub(super) tax_id: String,
    /// Who said what a bitcoin costs; `None`: the price is in bitcoin.
    pub(super) rate_source: Option<String>,
    /// How the price is made up; `None`: the shop did not say.
    pub(super) parts: Option<PriceParts>,
}

/// How a price is made up, formatted for the language.
pub(super) struct PriceParts {
    pub(super) currency: String,
    pub(super) tax: Vec<TaxRow>,
    pub(super) tip: Option<String>,
    pub(super) discount: Option<String>,
}

/// What is taxed at one rate.
pub(super) struct TaxRow {
    pub(super) rate: String,
    pub(super) net: String,
    pub(super) tax: String,
}

impl ReceiptView {
    pub(super) fn of(pages: &Pages, invoice: &Invoice, language: Language) -> Self {
        let order = &invoice.order;
        let parts = order.quote.as_ref().zip(order.breakdown.as_ref());
        Self {
            number: invoice.receipt,
            seller: pages.receipt().seller.lines().to_vec(),
            tax_id: pages.receipt().tax_id.as_str().to_owned(),
            rate_source: order.rate.as_ref().map(|rate| rate.source.clone()),
            parts: parts
                .map(|(quote, breakdown)| PriceParts::of(&quote.currency, breakdown, language)),
        }
    }
}

impl PriceParts {
    fn of(currency: &str, breakdown: &Breakdown, language: Language) -> Self {
        let decimal = |amount: &String| language.decimal(amount);
        let tax = breakdown.tax.iter().map(|line| TaxRow {
            rate: decimal(&line.rate),
            net: decimal(&line.net),
            tax: decimal(&line.tax),
        });
        Self {
            currency: currency.to_owned(),
            tax: tax.collect(),
            tip: breakdown.tip.as_ref().map(decimal),
            discount: breakdown.discount.as_ref().map(decimal),
        }
    }
}
