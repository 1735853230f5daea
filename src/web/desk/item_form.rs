//! The form of an item that is sold by pay to reveal: what it shows, and the item that it becomes. What is sold is never shown
//! again, but to whoever has just typed it.

use super::posted::Fields;
use facture_domain::{Content, Description, Item, ItemId, Msat, NewItem, StockRule, Word};

/// The most that can be sold in all, as in the API.
const MAX_STOCK: u32 = 1_000_000_000;

/// What is in the form.
pub(super) struct ItemForm {
    /// The item that it changes; `None`: it is for a new one.
    pub(super) changed: Option<ItemId>,
    pub(super) id: String,
    pub(super) title: String,
    /// In satoshis.
    pub(super) price: String,
    /// Empty: any number.
    pub(super) stock: String,
    pub(super) text: String,
    pub(super) kind: ItemKind,
    pub(super) error: Option<ItemFormError>,
}

/// What can be sold by the form. Files come from the API or the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ItemKind {
    Text,
    Word,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ItemFormError {
    /// The name in the address has other characters.
    Id,
    /// There is such an item.
    Taken,
    Title,
    Price,
    /// There is no text.
    Text,
    /// The text is no word.
    Word,
    /// The node cannot sell words.
    NoWords,
    Stock,
    /// The configuration manages it.
    Configured,
    /// As many are offered as may be.
    TooMany,
}

impl ItemForm {
    /// For a new item.
    pub(super) fn new() -> Self {
        Self {
            changed: None,
            id: String::new(),
            title: String::new(),
            price: String::new(),
            stock: String::new(),
            text: String::new(),
            kind: ItemKind::Text,
            error: None,
        }
    }

    /// To change this one, of which everything is shown but what is sold. A price in parts of a satoshi is left out.
    pub(super) fn of(item: &Item) -> Self {
        let price = item.price.whole_sat();
        Self {
            changed: Some(item.id.clone()),
            id: item.id.to_string(),
            title: item.title.as_str().to_owned(),
            price: price.map_or_else(String::new, |sat| sat.to_string()),
            stock: item.stock.map_or_else(String::new, |most| most.to_string()),
            kind: match item.kind {
                facture_domain::ContentKind::Word => ItemKind::Word,
                facture_domain::ContentKind::Text | facture_domain::ContentKind::File => {
                    ItemKind::Text
                }
            },
            ..Self::new()
        }
    }

    /// As it was sent.
    pub(super) fn sent(fields: &Fields) -> Self {
        let line = |name| fields.text(name).trim().to_owned();
        let changed = ItemId::parse(fields.text("changed")).ok();
        Self {
            id: match &changed {
                Some(id) => id.to_string(),
                None => line("id"),
            },
            changed,
            title: line("title"),
            price: line("price"),
            stock: line("stock"),
            // Browsers send line breaks as two characters.
            text: fields.text("text").replace("\r\n", "\n"),
            kind: match fields.text("kind") {
                "word" => ItemKind::Word,
                _ => ItemKind::Text,
            },
            error: None,
        }
    }

    /// The item. `known` is the one of this name that is offered.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub(super) fn item(&self, known: Option<&Item>) -> Result<NewItem, ItemFormError> {
        let id = ItemId::parse(&self.id).map_err(|_| ItemFormError::Id)?;
        if known.is_some() && self.changed.is_none() {
            return Err(ItemFormError::Taken);
        }
        let title = Description::parse(&self.title).map_err(|_| ItemFormError::Title)?;
        if title.as_str().is_empty() {
            return Err(ItemFormError::Title);
        }
        let price = Msat::parse_sat(&self.price).map_err(|_| ItemFormError::Price)?;
        if price.msat() == 0 || price > Msat::PAYABLE {
            return Err(ItemFormError::Price);
        }
        let content = self.content()?;
        let stock = match self.stock.as_str() {
            "" => None,
            text => Some(stock(text)?),
        };
        Ok(NewItem {
            id,
            title,
            price,
            stock,
            // A word's payment cannot be held; how that of anything else is taken is not the form's to change.
            stock_rule: match (&content, known) {
                (Content::Text(_) | Content::File { .. }, Some(item)) => item.stock_rule,
                _ => StockRule::Reserve,
            },
            content,
        })
    }

    fn content(&self) -> Result<Content, ItemFormError> {
        match self.kind {
            ItemKind::Text => Content::text(self.text.clone()).map_err(|_| ItemFormError::Text),
            ItemKind::Word => {
                let word = Word::parse(self.text.trim()).map_err(|_| ItemFormError::Word)?;
                Ok(Content::Word(word))
            }
        }
    }
}

fn stock(text: &str) -> Result<u32, ItemFormError> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let stock = text.parse().ok().filter(|stock| *stock <= MAX_STOCK);
    stock.filter(|_| is_number).ok_or(ItemFormError::Stock)
}
