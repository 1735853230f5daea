//! What a receipt says besides the payment itself: who sold it, and how the price is made up.

use super::pages::Pages;
use crate::locale::Language;
use facture_domain::{Breakdown, Channel, Invoice, ReceiptNumber, counter::SoldLines};

/// A receipt.
pub(super) struct ReceiptView {
    /// `None`: it was paid before there were numbers.
    pub(super) number: Option<ReceiptNumber>,
    /// The seller's name and address.
    pub(super) seller: Vec<String>,
    /// The seller's number at the tax office; empty: none.
    pub(super) tax_id: String,
    /// What was sold at the counter, line by line.
    pub(super) lines: Vec<LineRow>,
    /// Who said what a bitcoin costs; `None`: the price is in bitcoin.
    pub(super) rate_source: Option<String>,
    /// How the price is made up; `None`: the shop did not say.
    pub(super) parts: Option<PriceParts>,
}

/// So many pieces of something that was sold.
pub(super) struct LineRow {
    /// `None`: an amount that was typed.
    pub(super) name: Option<String>,
    pub(super) pieces: u32,
    /// What a piece cost.
    pub(super) price: String,
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
            lines: lines(invoice, language),
            rate_source: order.rate.as_ref().map(|rate| rate.source.clone()),
            parts: parts
                .map(|(quote, breakdown)| PriceParts::of(&quote.currency, breakdown, language)),
        }
    }
}

/// What was sold; nothing where that is not our own to say.
fn lines(invoice: &Invoice, language: Language) -> Vec<LineRow> {
    let is_ours = invoice.order.channel == Some(Channel::Pos);
    let metadata = invoice.order.metadata.as_ref().filter(|_| is_ours);
    let sold = metadata.and_then(SoldLines::read).into_iter();
    sold.flat_map(|sold| sold.lines)
        .map(|line| LineRow {
            price: language.decimal(&line.price),
            name: line.name,
            pieces: line.pieces,
        })
        .collect()
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
