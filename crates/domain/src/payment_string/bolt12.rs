//! BOLT 12 strings: bech32 without a checksum, which may be joined by `+`. Which kind it is, and no more: what it says
//! is for a node to read.

use std::fmt;

use bitcoin::bech32::Fe32;

use super::{error::PaymentStringError, text::starts_with};

/// A BOLT 12 string.
#[derive(Clone, PartialEq, Eq)]
pub struct Bolt12 {
    /// Which kind it is.
    pub kind: Bolt12Kind,
    /// In small letters and in one piece.
    text: String,
}

/// A kind of BOLT 12 string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bolt12Kind {
    /// `lno1…`: something that can be paid for.
    Offer,
    /// `lnr1…`: a request for an invoice; by itself, somebody who wants to pay.
    InvoiceRequest,
    /// `lni1…`: an invoice.
    Invoice,
}

impl Bolt12 {
    /// Reads a BOLT 12 string; `None` when the text does not begin as one.
    pub(super) fn parse(text: &str) -> Result<Option<Self>, PaymentStringError> {
        let wrong = |reason| Err(PaymentStringError::Bolt12(reason));
        // Far enough for its beginning, wherever it is joined.
        let begin = text.chars().filter(|c| *c != '+' && !c.is_whitespace());
        let begin: String = begin.take(4).collect();
        let kind = match () {
            () if starts_with(&begin, "lno1") => Bolt12Kind::Offer,
            () if starts_with(&begin, "lnr1") => Bolt12Kind::InvoiceRequest,
            () if starts_with(&begin, "lni1") => Bolt12Kind::Invoice,
            () => return Ok(None),
        };
        let Some(joined) = join(text) else {
            return wrong("a + must stand between two characters, and spaces only after a +");
        };
        let small = joined.to_ascii_lowercase();
        if joined != small && joined != joined.to_ascii_uppercase() {
            return wrong("it mixes small and capital letters");
        }
        let data = &small[4..];
        if !data.chars().all(|c| Fe32::from_char(c).is_ok()) {
            return wrong("it has a character that bech32 does not use");
        }
        // Five bits each: the last of them may be no whole unused character.
        if data.len() < 2 || data.len() * 5 % 8 >= 5 {
            return wrong("it is cut off");
        }
        Ok(Some(Self { kind, text: small }))
    }

    /// The string, in small letters and in one piece.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Removes every `+` with the spaces after it; `None` where one does not stand between two characters of the string, or
/// where there are other spaces.
fn join(text: &str) -> Option<String> {
    let mut parts = text.split('+');
    let mut joined = parts.next()?.to_owned();
    for part in parts {
        joined.push_str(joined_part(part)?);
    }
    let whole = !joined.contains(char::is_whitespace) && joined.is_ascii();
    (whole && !text.starts_with('+')).then_some(joined)
}

fn joined_part(part: &str) -> Option<&str> {
    let part = part.trim_start();
    (!part.is_empty()).then_some(part)
}

impl Bolt12Kind {
    /// What it is, as a word for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::InvoiceRequest => "invoice_request",
            Self::Invoice => "bolt12_invoice",
        }
    }
}

impl fmt::Debug for Bolt12 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bolt12({})", self.text)
    }
}

impl fmt::Display for Bolt12 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
