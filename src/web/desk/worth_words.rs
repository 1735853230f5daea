//! What sales were worth, in words.

use rust_decimal::Decimal;

use super::frame::Frame;
use facture_domain::{
    Currency,
    desk::{Worth, WorthRange},
};

/// What sales were worth in a currency, and how many they were.
pub(super) struct WorthLine {
    pub(super) sum: String,
    pub(super) count: u64,
}

/// A line for each currency.
pub(super) fn lines(worth: &Worth, frame: &Frame) -> Vec<WorthLine> {
    let sums = worth.sums.iter();
    sums.map(|sum| WorthLine {
        sum: amount(sum.sum, sum.currency, frame),
        count: sum.count,
    })
    .collect()
}

/// What a search for an amount in a currency was read as.
pub(super) fn range(range: &WorthRange, frame: &Frame) -> String {
    let end = |coins| amount(range.amount(coins), range.currency, frame);
    let gaps = [("from", end(range.from)), ("to", end(range.to))];
    frame.say_with("desk-found-worth", &gaps)
}

fn amount(amount: Decimal, currency: Currency, frame: &Frame) -> String {
    let number = frame.language().decimal(&amount.to_string());
    format!("{number} {currency}")
}
