//! `[receipt]`: what the receipt of a paid invoice says of the seller.

use serde::{Deserialize, Deserializer, Serialize, de};

use super::{
    error::refusal,
    text::{Line, list_of},
};

/// `[receipt]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReceiptConfig {
    /// The seller's name and address, line by line. Empty: only the shop's name.
    pub seller: Seller,
    /// The seller's number at the tax office. Empty: none.
    pub tax_id: Line,
}

/// Lines of an address. As one text, they have commas between them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Seller(Vec<String>);

impl Seller {
    /// As many lines as there may be.
    const MAX_LINES: usize = 10;

    /// Each of them.
    pub fn lines(&self) -> &[String] {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Seller {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let lines = list_of(deserializer, &[',', '\n'])?;
        let is_line = |line: &&String| line.trim().is_empty() || line.chars().any(char::is_control);
        if let Some(line) = lines.iter().find(is_line) {
            let reason = "each must be a single line of text";
            return Err(de::Error::custom(refusal(line, reason)));
        }
        if lines.len() > Self::MAX_LINES {
            let reason = "must be at most 10 lines";
            return Err(de::Error::custom(refusal(&lines.join(", "), reason)));
        }
        Ok(Self(lines))
    }
}
