//! What a wallet is shown before it pays to an LNURL (LUD-06), and whose hash is in the invoice (LUD-20).

use sha2::{Digest, Sha256};

use crate::{description::Description, payer_data::PayerData};

/// The metadata of an LNURL-pay answer: JSON, of which each byte counts, since its SHA-256 is in the invoice. What the wallet
/// told about the payer may follow it (LUD-18).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LnurlMetadata {
    text: Description,
    hashed: String,
}

/// The kinds of entries that we write.
const PLAIN_TEXT: &str = "text/plain";
const IDENTIFIER: &str = "text/identifier";

impl LnurlMetadata {
    /// What the payment is for, and the Lightning Address (LUD-16) that it goes to.
    pub fn new(text: Description, address: &str) -> Self {
        let json = written([[PLAIN_TEXT, text.as_str()], [IDENTIFIER, address]]);
        Self { text, hashed: json }
    }

    /// What the payment is for, where it does not go to a Lightning Address.
    pub fn of_text(text: Description) -> Self {
        let json = written([[PLAIN_TEXT, text.as_str()]]);
        Self { text, hashed: json }
    }

    /// Followed by what the wallet told: the hash is of both.
    #[must_use]
    pub fn with_payer_data(mut self, told: &PayerData) -> Self {
        self.hashed.push_str(told.as_json());
        self
    }

    /// Reads what a program shows to a wallet: the entries, among them one with words. `None`: it is no metadata, or has
    /// control characters, which lightningd refuses.
    pub fn parse(json: String) -> Option<Self> {
        let entries: Vec<(String, String)> = serde_json::from_str(&json).ok()?;
        let mut texts = entries.into_iter().filter(|(kind, _)| kind == PLAIN_TEXT);
        let (_, text) = texts.next()?;
        let text = Description::parse_lines(&text).ok()?;
        let plain = !json.chars().any(char::is_control);
        plain.then_some(Self { text, hashed: json })
    }

    /// What the payment is for, in words.
    pub fn text(&self) -> &Description {
        &self.text
    }

    /// What is hashed, byte for byte.
    pub fn as_str(&self) -> &str {
        &self.hashed
    }

    /// The SHA-256, for BOLT 11's field `h`.
    pub fn sha256(&self) -> [u8; 32] {
        sha256(&self.hashed)
    }

    /// The words in a node's description of an invoice, when that is metadata and the invoice has its hash. `None`: it is an
    /// ordinary description, even if it looks like metadata.
    pub fn read_text(description: &str, description_hash: Option<[u8; 32]>) -> Option<String> {
        if description_hash? != sha256(description) {
            return None;
        }
        // What a wallet told about the payer may follow.
        let values = serde_json::Deserializer::from_str(description);
        let entries: Vec<(String, String)> = values.into_iter().next()?.ok()?;
        let mut texts = entries.into_iter().filter(|(kind, _)| kind == PLAIN_TEXT);
        texts.next().map(|(_, text)| text)
    }
}

/// The entries as JSON. None has characters that JSON writes as a `\u` escape, which lightningd refuses.
fn written<const N: usize>(entries: [[&str; 2]; N]) -> String {
    serde_json::Value::from_iter(entries.map(Vec::from)).to_string()
}

fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payer_data::PayerField;

    fn metadata(text: &str) -> LnurlMetadata {
        LnurlMetadata::new(Description::parse(text).unwrap(), "shop@shop.example")
    }

    #[test]
    fn is_what_wallets_expect() {
        let metadata = metadata("Tea & \"cake\" ☕");
        let json =
            r#"[["text/plain","Tea & \"cake\" ☕"],["text/identifier","shop@shop.example"]]"#;
        assert_eq!(metadata.as_str(), json);
        let text = Description::parse("Tea").unwrap();
        let json = r#"[["text/plain","Tea"]]"#;
        assert_eq!(LnurlMetadata::of_text(text).as_str(), json);
    }

    #[test]
    fn what_a_program_shows_to_a_wallet_is_read() {
        let json = r#"[["text/identifier","shop@shop.example"],["text/plain","Tea"]]"#;
        let metadata = LnurlMetadata::parse(json.to_owned()).unwrap();
        assert_eq!((metadata.text().as_str(), metadata.as_str()), ("Tea", json));
        for text in [
            "",
            "Tea",
            "[]",
            r#"[["image/png;base64","AA"]]"#,
            "[[\"text/plain\",\n\"Tea\"]]",
            r#"[["text/plain"]]"#,
        ] {
            assert_eq!(LnurlMetadata::parse(text.to_owned()), None, "{text:?}");
        }
    }

    #[test]
    fn the_words_are_read_only_where_the_hash_is_of_it() {
        let metadata = metadata("Tea");
        let read = LnurlMetadata::read_text(metadata.as_str(), Some(metadata.sha256()));
        assert_eq!(read.as_deref(), Some("Tea"));
        let told = PayerData::parse(r#"{"name":"Anna"}"#.to_owned(), &[PayerField::Name]);
        let with = metadata.clone().with_payer_data(&told.unwrap());
        assert_eq!(
            with.as_str(),
            format!(r#"{}{{"name":"Anna"}}"#, metadata.as_str())
        );
        let read = LnurlMetadata::read_text(with.as_str(), Some(with.sha256()));
        assert_eq!(read.as_deref(), Some("Tea"));
        // Somebody may type it into the form.
        assert_eq!(LnurlMetadata::read_text(metadata.as_str(), None), None);
        let other = Some([7; 32]);
        assert_eq!(LnurlMetadata::read_text(metadata.as_str(), other), None);
        // A program that hashed something else.
        let hash = sha256("not JSON");
        assert_eq!(LnurlMetadata::read_text("not JSON", Some(hash)), None);
    }
}
