//! Macaroons: an identifier and caveats, chained by HMAC-SHA256, in libmacaroons' binary format 2 (as L402 uses it). Holders can
//! append caveats, which only narrow what it is good for, and can change nothing else.
//!
//! Our own, since what is needed is small: the crate `macaroon` (0.3.0) is old, and most of it is for third-party caveats, which L402
//! does not have.

use base64::{
    Engine, alphabet,
    engine::{
        DecodePaddingMode,
        general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD},
    },
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// A macaroon, as it was read or made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Macaroon {
    pub(super) identifier: Vec<u8>,
    pub(super) caveats: Vec<String>,
    signature: [u8; 32],
}

/// The most characters that are read.
const MAX_TEXT: usize = 4096;

const VERSION: u8 = 2;
const END: u8 = 0;
const LOCATION: u8 = 1;
const IDENTIFIER: u8 = 2;
const SIGNATURE: u8 = 6;

/// Clients differ in whether they pad.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

impl Macaroon {
    pub(super) fn new(root_key: &[u8; 32], identifier: Vec<u8>, caveats: Vec<String>) -> Self {
        let signature = chain(root_key, &identifier, &caveats);
        Self {
            identifier,
            caveats,
            signature,
        }
    }

    /// Whether it was made with this key, and only narrowed since.
    pub(super) fn is_of(&self, root_key: &[u8; 32]) -> bool {
        let expected = chain(root_key, &self.identifier, &self.caveats);
        expected.ct_eq(&self.signature).into()
    }

    /// In base64, as it travels.
    pub(super) fn encode(&self) -> String {
        let mut bytes = vec![VERSION];
        put(&mut bytes, IDENTIFIER, &self.identifier);
        bytes.push(END);
        for caveat in &self.caveats {
            put(&mut bytes, IDENTIFIER, caveat.as_bytes());
            bytes.push(END);
        }
        bytes.push(END);
        put(&mut bytes, SIGNATURE, &self.signature);
        STANDARD.encode(bytes)
    }

    /// Reads base64 of either alphabet. `None`: it is no macaroon, or has a caveat for a third party.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_TEXT {
            return None;
        }
        let alphabet = match text.contains(['-', '_']) {
            true => alphabet::URL_SAFE,
            false => alphabet::STANDARD,
        };
        let bytes = GeneralPurpose::new(&alphabet, LENIENT).decode(text).ok()?;
        let rest = bytes.strip_prefix(&[VERSION])?;
        let (_, rest) = optional(rest, LOCATION)?;
        let (identifier, rest) = field(rest, IDENTIFIER)?;
        let mut rest = rest.strip_prefix(&[END])?;
        let mut caveats = Vec::new();
        while !rest.starts_with(&[END]) {
            let (_, after) = optional(rest, LOCATION)?;
            let (caveat, after) = field(after, IDENTIFIER)?;
            rest = after.strip_prefix(&[END])?;
            caveats.push(String::from_utf8(caveat.to_vec()).ok()?);
        }
        let (signature, rest) = field(rest.strip_prefix(&[END])?, SIGNATURE)?;
        rest.is_empty().then_some(Self {
            identifier: identifier.to_vec(),
            caveats,
            signature: signature.try_into().ok()?,
        })
    }

    /// The same with one more caveat, as a holder appends it.
    #[cfg(test)]
    pub(super) fn narrowed(mut self, caveat: &str) -> Self {
        self.signature = mac(&self.signature, caveat.as_bytes());
        self.caveats.push(caveat.to_owned());
        self
    }
}

fn chain(root_key: &[u8; 32], identifier: &[u8], caveats: &[String]) -> [u8; 32] {
    let first = mac(root_key, identifier);
    let add = |signature: [u8; 32], caveat: &String| mac(&signature, caveat.as_bytes());
    caveats.iter().fold(first, add)
}

fn mac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return [0; 32];
    };
    mac.update(message);
    mac.finalize().into_bytes().into()
}

fn put(bytes: &mut Vec<u8>, kind: u8, content: &[u8]) {
    bytes.push(kind);
    let mut length = content.len();
    // A varint: seven bits a byte, the lowest first.
    while length > 0x7f {
        bytes.push(u8::try_from(length & 0x7f).unwrap_or(0) | 0x80);
        length >>= 7;
    }
    bytes.push(u8::try_from(length).unwrap_or(0));
    bytes.extend_from_slice(content);
}

/// A field of this kind, and what follows.
fn field(bytes: &[u8], kind: u8) -> Option<(&[u8], &[u8])> {
    let mut rest = bytes.strip_prefix(&[kind])?;
    let mut length = 0_usize;
    // Two bytes are enough for what is read here.
    for shift in [0, 7] {
        let (byte, after) = rest.split_first()?;
        rest = after;
        length |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return rest.split_at_checked(length);
        }
    }
    None
}

/// The same of a field that may be missing: then it is empty.
fn optional(bytes: &[u8], kind: u8) -> Option<(&[u8], &[u8])> {
    match bytes.first() {
        Some(found) if *found == kind => field(bytes, kind),
        _ => Some((&[], bytes)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn made() -> Macaroon {
        let caveats = ["services=article:0", "article_valid_until=7"].map(str::to_owned);
        Macaroon::new(&[7; 32], vec![3; 66], caveats.into())
    }

    #[test]
    fn it_is_read_back_and_known_again() {
        let text = made().encode();
        let padded_or_not = [text.clone(), text.trim_end_matches('=').to_owned()];
        let url_safe = text.replace('+', "-").replace('/', "_");
        for text in padded_or_not.iter().chain([&url_safe]) {
            assert_eq!(Macaroon::parse(text), Some(made()), "{text}");
        }
        assert!(made().is_of(&[7; 32]));
        assert!(!made().is_of(&[8; 32]));
    }

    /// Without a location.
    #[test]
    fn the_format_is_libmacaroons_second() {
        let plain = Macaroon::new(&[0; 32], b"id".to_vec(), vec!["a=1".to_owned()]);
        let bytes = STANDARD.decode(plain.encode()).unwrap();
        let head = [2, 2, 2, b'i', b'd', 0, 2, 3, b'a', b'=', b'1', 0, 0, 6, 32];
        assert_eq!(bytes[..head.len()], head);
        assert_eq!(bytes.len(), head.len() + 32);
    }

    #[test]
    fn holders_can_narrow_it_and_nothing_else() {
        let narrowed = made().narrowed("article_valid_until=3");
        assert!(narrowed.is_of(&[7; 32]));
        let mut widened = narrowed.clone();
        widened.caveats.pop();
        assert!(!widened.is_of(&[7; 32]));
        let mut swapped = narrowed.clone();
        swapped.caveats.swap(0, 1);
        assert!(!swapped.is_of(&[7; 32]));
        let mut renamed = narrowed;
        renamed.identifier[0] ^= 1;
        assert!(!renamed.is_of(&[7; 32]));
    }

    #[test]
    fn what_is_cut_or_longer_is_no_macaroon() {
        let bytes = STANDARD.decode(made().encode()).unwrap();
        for end in 0..bytes.len() {
            assert_eq!(Macaroon::parse(&STANDARD.encode(&bytes[..end])), None);
        }
        let longer = [&bytes[..], &[0]].concat();
        assert_eq!(Macaroon::parse(&STANDARD.encode(longer)), None);
        assert_eq!(Macaroon::parse(&"A".repeat(MAX_TEXT + 4)), None);
    }

    proptest! {
        #[test]
        fn nothing_makes_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,80}") {
            let _ = Macaroon::parse(&STANDARD.encode([&[VERSION], &bytes[..]].concat()));
            let _ = Macaroon::parse(&text);
        }

        #[test]
        fn every_caveat_is_read_back(caveats in prop::collection::vec("\\PC{0,200}", 0..5)) {
            let made = Macaroon::new(&[1; 32], vec![0; 66], caveats);
            prop_assert_eq!(Macaroon::parse(&made.encode()), Some(made));
        }
    }
}
