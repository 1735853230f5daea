//! Prices of payment links as people read them.

use crate::locale::Language;
use facture_domain::{LinkUnit, Price};

/// `2.50 EUR`, `1,000 sat`, as the language writes numbers.
pub(crate) fn money(price: &Price, language: Language) -> String {
    let unit = LinkUnit::parse(price.currency()).unwrap_or(LinkUnit::Sat);
    let number = language.decimal(&plain(price));
    match unit {
        LinkUnit::Sat => format!("{number} {}", language.say("sat")),
        LinkUnit::Currency(currency) => format!("{number} {currency}"),
    }
}

/// The digits, with a point and all decimals of the currency.
pub(crate) fn plain(price: &Price) -> String {
    let unit = LinkUnit::parse(price.currency()).unwrap_or(LinkUnit::Sat);
    let mut amount = price.amount();
    amount.rescale(unit.decimals());
    amount.to_string()
}
