//! BOLT 12 strings: bech32 without a checksum around a TLV stream, which may be joined by `+`. Single fields of one can be
//! read; whether it is valid as a whole is for a node to say.

use std::fmt;

use bitcoin::bech32::{Fe32, primitives::iter::Fe32IterExt};

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

    /// From the store: it was one of these when it was written.
    pub fn stored(kind: Bolt12Kind, text: String) -> Self {
        Self { kind, text }
    }

    /// The string, in small letters and in one piece.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The string for a QR code: capitals are a smaller code.
    pub fn qr_text(&self) -> String {
        self.text.to_ascii_uppercase()
    }

    /// A field that is a number without the zeros before it; `None` when there is none, or something else.
    pub fn number(&self, field: u64) -> Option<u64> {
        let bytes = self.field(field)?;
        let whole = |bytes: Vec<u8>| {
            bytes
                .iter()
                .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
        };
        (bytes.len() <= 8).then(|| whole(bytes))
    }

    /// A field that is text.
    pub fn text(&self, field: u64) -> Option<String> {
        String::from_utf8(self.field(field)?).ok()
    }

    /// The bytes of a field.
    fn field(&self, wanted: u64) -> Option<Vec<u8>> {
        let data = self.text.get(4..)?;
        let symbols: Result<Vec<Fe32>, _> = data.chars().map(Fe32::from_char).collect();
        let bytes: Vec<u8> = symbols.ok()?.into_iter().fes_to_bytes().collect();
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let number = big_size(&mut rest)?;
            let length = usize::try_from(big_size(&mut rest)?).ok()?;
            let (value, after) = rest.split_at_checked(length)?;
            rest = after;
            if number == wanted {
                return Some(value.to_vec());
            }
        }
        None
    }
}

/// A number of variable length (BOLT 1).
fn big_size(rest: &mut &[u8]) -> Option<u64> {
    let (first, after) = rest.split_first()?;
    let length = match first {
        0xfd => 2,
        0xfe => 4,
        0xff => 8,
        small => {
            *rest = after;
            return Some(u64::from(*small));
        }
    };
    let (bytes, after) = after.split_at_checked(length)?;
    *rest = after;
    Some(
        bytes
            .iter()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
    )
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
