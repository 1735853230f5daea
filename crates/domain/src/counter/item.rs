//! What a button of the counter sells.

use std::fmt;

use super::tax_rate::TaxRate;
use crate::price::Price;

/// The name of an item or of a category: one line, never empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemName(String);

/// A text that is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to {} characters in one line", ItemName::MAX_CHARS)]
pub struct ItemNameError;

/// What an item is and costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemTerms {
    /// What it is called, also on the receipt.
    pub name: ItemName,
    /// With which others it stands; `None`: with those that have no category.
    pub category: Option<ItemName>,
    /// What a piece costs, tax included.
    pub price: Price,
    /// The rate of the tax in the price; `None`: the shop does not say.
    pub tax: Option<TaxRate>,
}

/// An item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CounterItem {
    /// Its number, which no other item ever has.
    pub number: u32,
    /// What it is and costs.
    pub terms: ItemTerms,
}

impl ItemName {
    /// The longest name: it stands on a button.
    pub const MAX_CHARS: usize = 60;

    /// Reads a name; spaces around it are dropped.
    ///
    /// # Errors
    /// [`ItemNameError`].
    pub fn parse(text: &str) -> Result<Self, ItemNameError> {
        let text = text.trim();
        let fits = (1..=Self::MAX_CHARS).contains(&text.chars().count());
        match fits && !text.chars().any(char::is_control) {
            true => Ok(Self(text.to_owned())),
            false => Err(ItemNameError),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ItemName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_line() {
        assert_eq!(
            ItemName::parse(" Café crème ").unwrap().as_str(),
            "Café crème"
        );
        assert!(ItemName::parse(&"☕".repeat(60)).is_ok());
        for bad in ["", "  ", "a\nb", "a\u{7}", &"x".repeat(61)] {
            assert_eq!(ItemName::parse(bad), Err(ItemNameError), "{bad:?}");
        }
    }
}
