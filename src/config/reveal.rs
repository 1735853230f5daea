//! `[[reveal]]`: items that are sold by pay to reveal.

use std::{fmt, fs, path::PathBuf};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    description,
    error::ConfigError,
    number::{Bounded, Sat},
    text::parsed,
};
use facture_domain::{Content, Description, FileName, ItemId, NewItem, StockRule, Word};

/// One `[[reveal]]`, with exactly one of `word`, `text` and `file`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RevealConfig {
    /// The end of the item's address, `/reveal/<id>`.
    #[serde(serialize_with = "id_text", deserialize_with = "id")]
    pub id: ItemId,
    /// What it is called, on its page and in the buyer's wallet.
    #[serde(with = "description")]
    pub title: Description,
    /// What it costs, in satoshis.
    pub price_sat: Sat,
    /// What is sold: a word of at most 24 bytes, which is in the preimage itself. Core Lightning only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
    /// What is sold: a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What is sold: a file, read at the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
    /// How many are sold in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock: Option<Bounded<0, 1_000_000_000>>,
    /// Whether payments are held until it is certain that one is left, instead of reserving one for each open invoice.
    #[serde(default)]
    pub hold: bool,
}

impl RevealConfig {
    /// The item, with what is sold.
    ///
    /// # Errors
    /// [`ConfigError`] for a file that cannot be read or sold, and for what cannot be sold like that.
    pub fn item(&self) -> Result<NewItem, ConfigError> {
        let content = self.content()?;
        let rule = StockRule::of(self.hold, &content);
        Ok(NewItem {
            stock_rule: rule.map_err(|error| self.wrong("hold", &error))?,
            id: self.id.clone(),
            title: self.title.clone(),
            price: self.price_sat.amount(),
            content,
            stock: self.stock.map(Bounded::value),
        })
    }

    fn content(&self) -> Result<Content, ConfigError> {
        let wrong = |key: &str, error: &dyn fmt::Display| self.wrong(key, error);
        match (&self.word, &self.text, &self.file) {
            (Some(word), None, None) => {
                let word = Word::parse(word).map_err(|error| wrong("word", &error))?;
                Ok(Content::Word(word))
            }
            (None, Some(text), None) => {
                Content::text(text.clone()).map_err(|error| wrong("text", &error))
            }
            (None, None, Some(file)) => {
                let name = file.file_name().and_then(|name| name.to_str());
                let name = FileName::parse(name.unwrap_or_default());
                let name = name.map_err(|error| wrong("file", &error))?;
                // Not read whole only to be refused.
                let size = fs::metadata(file).map(|file| file.len());
                let bytes = match size {
                    Ok(size)
                        if usize::try_from(size).is_ok_and(|size| size <= Content::MAX_BYTES) =>
                    {
                        fs::read(file)
                    }
                    Ok(_) => return Err(wrong("file", &facture_domain::ItemError::TooLong)),
                    Err(error) => Err(error),
                };
                let bytes = bytes.map_err(|source| ConfigError::Unreadable {
                    file: file.clone(),
                    source,
                })?;
                Content::file(name, bytes).map_err(|error| wrong("file", &error))
            }
            _ => Err(wrong("needs", &"exactly one of word, text and file")),
        }
    }

    fn wrong(&self, key: &str, error: &dyn fmt::Display) -> ConfigError {
        ConfigError::Inconsistent(format!("{}: {key} {error}", self.place()))
    }

    fn place(&self) -> String {
        format!("[[reveal]] {}", self.id)
    }
}

/// What can be said about all of them without reading files.
pub(super) fn check_consistency(items: &[RevealConfig]) -> Result<(), ConfigError> {
    for (at, item) in items.iter().enumerate() {
        let wrong = |what: &str| {
            Err(ConfigError::Inconsistent(format!(
                "{}: {what}",
                item.place()
            )))
        };
        if items[..at].iter().any(|other| other.id == item.id) {
            return wrong("there are two with this id");
        }
        if item.title.as_str().is_empty() {
            return wrong("title must not be empty");
        }
        if item.file.is_none() {
            item.item()?;
        } else if item.word.is_some() || item.text.is_some() {
            return wrong("needs exactly one of word, text and file");
        }
    }
    Ok(())
}

fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ItemId, D::Error> {
    parsed(deserializer, ItemId::parse)
}

fn id_text<S: Serializer>(id: &ItemId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(id.as_str())
}
