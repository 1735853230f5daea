//! What a shop sells to whoever pays for it (pay to reveal): a word, a text or a file.

use std::fmt;

use bitcoin::hashes::{Hash, HashEngine, sha256};

use crate::{amount::Msat, description::Description};

/// The name of an item, which is also the end of its address: `/reveal/<item>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemId(String);

/// A text that is short enough to be a part of a preimage: 1 to 24 bytes of UTF-8.
///
/// Whoever forwards the payment learns it, too: every node on the payment's way is told the preimage.
#[derive(Clone, PartialEq, Eq)]
pub struct Word(String);

/// The name of a file, without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName(String);

/// What the buyer gets.
#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    /// A word in the preimage itself.
    Word(Word),
    /// A text of any length.
    Text(String),
    /// A file.
    File {
        /// Its name.
        name: FileName,
        /// What is in it.
        bytes: Vec<u8>,
    },
}

/// What names content: a SHA-256 of it. Content never changes: a changed item has other content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentId(String);

/// Which of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentKind {
    /// A word in the preimage itself.
    Word,
    /// A text of any length.
    Text,
    /// A file.
    File,
}

/// An item that is offered from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewItem {
    /// Its name.
    pub id: ItemId,
    /// What it is called, on its page and in the buyer's wallet.
    pub title: Description,
    /// What it costs.
    pub price: Msat,
    /// What the buyer gets.
    pub content: Content,
    /// How many may be sold in all; `None`: any number.
    pub stock: Option<u32>,
    /// How it is seen to that no more are sold.
    pub stock_rule: StockRule,
}

/// How it is seen to that no more are sold than there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StockRule {
    /// An open invoice reserves one.
    Reserve,
    /// Invoices reserve nothing: a payment is held, and taken only if there is one left.
    Hold,
}

/// An item that is offered, without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its name.
    pub id: ItemId,
    /// What it is called.
    pub title: Description,
    /// What it costs.
    pub price: Msat,
    /// What the buyer gets.
    pub kind: ContentKind,
    /// The name of the file, if it is one.
    pub file_name: Option<FileName>,
    /// How many bytes it has.
    pub bytes: u64,
    /// How many may be sold in all; `None`: any number.
    pub stock: Option<u32>,
    /// How it is seen to that no more are sold.
    pub stock_rule: StockRule,
    /// How many were sold.
    pub sold: u32,
    /// How many are reserved: by invoices that can still be paid, or by payments that are being taken.
    pub reserved: u32,
    /// Who manages it.
    pub origin: ItemOrigin,
}

/// Who manages an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemOrigin {
    /// The configuration.
    Configuration,
    /// The API.
    Api,
}

/// Why a text or a file cannot be sold like that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ItemError {
    /// A name with other characters, or too many.
    #[error("must be 1 to 64 of the characters a-z, 0-9, _ and -")]
    Id,
    /// A word that does not fit into a preimage.
    #[error(
        "must be 1 to {} bytes of UTF-8, without control characters, and not end in a space",
        Word::MAX_BYTES
    )]
    Word,
    /// A text or a file of no bytes.
    #[error("must not be empty")]
    Empty,
    /// More than can be sold.
    #[error("must be at most {} bytes", Content::MAX_BYTES)]
    TooLong,
    /// A word whose payment would be held.
    #[error("cannot be used with a word: its preimage is the word's")]
    HeldWord,
    /// The name of a file with a path, or an impossible one.
    #[error("must be the name of a file: 1 to 255 bytes, without / and control characters")]
    FileName,
}

impl ItemId {
    /// Reads one.
    ///
    /// # Errors
    /// [`ItemError::Id`].
    pub fn parse(text: &str) -> Result<Self, ItemError> {
        let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
        match (1..=64).contains(&text.len()) && text.bytes().all(plain) {
            true => Ok(Self(text.to_owned())),
            false => Err(ItemError::Id),
        }
    }

    /// The text, safe in JSON, URLs and HTML as it is.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Word {
    /// What is left of a preimage beside its random part.
    pub const MAX_BYTES: usize = 24;

    /// Reads one.
    ///
    /// # Errors
    /// [`ItemError::Word`].
    pub fn parse(text: &str) -> Result<Self, ItemError> {
        let fits = (1..=Self::MAX_BYTES).contains(&text.len());
        match fits && !text.chars().any(char::is_control) && !text.ends_with(' ') {
            true => Ok(Self(text.to_owned())),
            false => Err(ItemError::Word),
        }
    }

    /// The text, which is what is sold.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Without the text.
impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Word(…)")
    }
}

impl FileName {
    /// Reads one.
    ///
    /// # Errors
    /// [`ItemError::FileName`].
    pub fn parse(text: &str) -> Result<Self, ItemError> {
        let plain = |letter: char| !letter.is_control() && letter != '/' && letter != '\\';
        let is_name = (1..=255).contains(&text.len()) && !matches!(text, "." | "..");
        match is_name && text.chars().all(plain) {
            true => Ok(Self(text.to_owned())),
            false => Err(ItemError::FileName),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Content {
    /// The most bytes that are sold at once: 16 MiB.
    pub const MAX_BYTES: usize = 16 * 1024 * 1024;

    /// A text.
    ///
    /// # Errors
    /// [`ItemError::Empty`], [`ItemError::TooLong`].
    pub fn text(text: String) -> Result<Self, ItemError> {
        sized(text.len())?;
        Ok(Self::Text(text))
    }

    /// A file.
    ///
    /// # Errors
    /// [`ItemError::Empty`], [`ItemError::TooLong`].
    pub fn file(name: FileName, bytes: Vec<u8>) -> Result<Self, ItemError> {
        sized(bytes.len())?;
        Ok(Self::File { name, bytes })
    }

    /// Which kind it is.
    pub fn kind(&self) -> ContentKind {
        match self {
            Self::Word(_) => ContentKind::Word,
            Self::Text(_) => ContentKind::Text,
            Self::File { .. } => ContentKind::File,
        }
    }

    /// The name of the file, if it is one.
    pub fn file_name(&self) -> Option<&FileName> {
        match self {
            Self::Word(_) | Self::Text(_) => None,
            Self::File { name, .. } => Some(name),
        }
    }

    /// The word, if it is one.
    pub fn word(&self) -> Option<&Word> {
        match self {
            Self::Word(word) => Some(word),
            Self::Text(_) | Self::File { .. } => None,
        }
    }

    /// What is sold.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Word(word) => word.expose().as_bytes(),
            Self::Text(text) => text.as_bytes(),
            Self::File { bytes, .. } => bytes,
        }
    }

    /// What names it: a hash of kind, name and bytes.
    pub fn id(&self) -> ContentId {
        let mut hash = sha256::Hash::engine();
        let name = self.file_name().map_or("", FileName::as_str);
        for part in [self.kind().as_str(), name] {
            // With their lengths, no two are the same bytes.
            let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
            hash.input(&length.to_be_bytes());
            hash.input(part.as_bytes());
        }
        hash.input(self.bytes());
        ContentId(sha256::Hash::from_engine(hash).to_string())
    }
}

impl ContentId {
    /// From the store.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Without what is sold.
impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Content({}, …)", self.kind().as_str())
    }
}

fn sized(bytes: usize) -> Result<(), ItemError> {
    match bytes {
        0 => Err(ItemError::Empty),
        bytes if bytes > Content::MAX_BYTES => Err(ItemError::TooLong),
        _ => Ok(()),
    }
}

impl ContentKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Word, Self::Text, Self::File];

    /// `word`, `text` or `file`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Word => "word",
            Self::Text => "text",
            Self::File => "file",
        }
    }

    /// Reads one.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl StockRule {
    const ALL: [Self; 2] = [Self::Reserve, Self::Hold];

    /// `reserve` or `hold`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reserve => "reserve",
            Self::Hold => "hold",
        }
    }

    /// Reads one.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == text)
    }

    /// The rule for an item with this content, whose payments are to be held or not.
    ///
    /// # Errors
    /// [`ItemError::HeldWord`].
    pub fn of(hold: bool, content: &Content) -> Result<Self, ItemError> {
        match (hold, content.kind()) {
            (false, _) => Ok(Self::Reserve),
            (true, ContentKind::Word) => Err(ItemError::HeldWord),
            (true, ContentKind::Text | ContentKind::File) => Ok(Self::Hold),
        }
    }
}

impl ItemOrigin {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Configuration, Self::Api];

    /// `configuration` or `api`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Api => "api",
        }
    }

    /// Reads one.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.as_str() == text)
    }
}

impl Item {
    /// How many can be sold now; `None`: any number.
    pub fn available(&self) -> Option<u32> {
        let stock = self.stock?;
        Some(stock.saturating_sub(self.sold.saturating_add(self.reserved)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_plain() {
        for text in ["word", "a-b_9", &"x".repeat(64)] {
            assert_eq!(ItemId::parse(text).unwrap().as_str(), text);
        }
        for text in ["", "Word", "a/b", "a b", "..", "é", &"x".repeat(65)] {
            assert_eq!(ItemId::parse(text), Err(ItemError::Id), "{text:?}");
        }
        for text in ["book.pdf", "a b.txt", "…", "é"] {
            assert!(FileName::parse(text).is_ok(), "{text:?}");
        }
        for text in ["", ".", "..", "a/b", "a\\b", "a\n", &"x".repeat(256)] {
            assert_eq!(FileName::parse(text), Err(ItemError::FileName), "{text:?}");
        }
    }

    #[test]
    fn a_word_counts_bytes_and_is_never_shown() {
        for text in ["s", "☕☕☕☕☕☕☕☕", &"x".repeat(24)] {
            let word = Word::parse(text).unwrap();
            assert_eq!(word.expose(), text);
            assert!(!format!("{:?}", Content::Word(word)).contains(text));
        }
        for text in [
            "",
            "a\0",
            "a\n",
            "a ",
            &"x".repeat(25),
            "☕☕☕☕☕☕☕☕☕",
        ] {
            assert_eq!(Word::parse(text), Err(ItemError::Word), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_a_parser_panic(text in any::<String>()) {
            let _ = (ItemId::parse(&text), Word::parse(&text), FileName::parse(&text));
        }
    }
}
