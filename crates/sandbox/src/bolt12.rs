//! Reads BOLT 12 strings: bech32 without a checksum around a TLV stream. Paths, recurrences and signatures are skipped.

use std::collections::BTreeMap;

use bitcoin::bech32::Fe32;
use bitcoin::bech32::primitives::iter::Fe32IterExt;

/// A BOLT 12 string.
#[derive(Debug)]
pub(super) struct Bolt12 {
    /// The letters before its `1`.
    pub(super) kind: Kind,
    fields: BTreeMap<u64, Vec<u8>>,
}

/// A kind of BOLT 12 string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `lno`
    Offer,
    /// `lnr`
    InvoiceRequest,
    /// `lni`
    Invoice,
}

/// Reads a string in small or capital letters; `None` when it is none.
pub(super) fn read(text: &str) -> Option<Bolt12> {
    let text = text.to_ascii_lowercase();
    let (prefix, data) = text.split_once('1')?;
    let kind = match prefix {
        "lno" => Kind::Offer,
        "lnr" => Kind::InvoiceRequest,
        "lni" => Kind::Invoice,
        _ => return None,
    };
    let symbols: Result<Vec<Fe32>, _> = data.chars().map(Fe32::from_char).collect();
    let bytes: Vec<u8> = symbols.ok()?.into_iter().fes_to_bytes().collect();
    let mut rest = &bytes[..];
    let mut fields = BTreeMap::new();
    while !rest.is_empty() {
        let number = big_size(&mut rest)?;
        let length = usize::try_from(big_size(&mut rest)?).ok()?;
        let value = rest.get(..length)?;
        rest = &rest[length..];
        // The numbers of a stream rise.
        if fields
            .last_key_value()
            .is_some_and(|(last, _)| *last >= number)
        {
            return None;
        }
        fields.insert(number, value.to_vec());
    }
    (!fields.is_empty()).then_some(Bolt12 { kind, fields })
}

impl Bolt12 {
    /// The bytes of a field.
    pub(super) fn bytes(&self, number: u64) -> Option<&[u8]> {
        self.fields.get(&number).map(Vec::as_slice)
    }

    /// A field that is text.
    pub(super) fn text(&self, number: u64) -> Option<String> {
        String::from_utf8(self.bytes(number)?.to_vec()).ok()
    }

    /// A field that is a number, without the zeros before it.
    pub(super) fn number(&self, number: u64) -> Option<u64> {
        let bytes = self.bytes(number)?;
        (bytes.len() <= 8).then(|| {
            bytes
                .iter()
                .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
        })
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
    let bytes = after.get(..length)?;
    *rest = &after[length..];
    Some(
        bytes
            .iter()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
    )
}
