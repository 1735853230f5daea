//! The one identifier of an invoice: its lightningd label, which is unguessable, so that the status link is the key
//! to the page.

use std::fmt;

use bitcoin::hex::{DisplayHex, FromHex};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What all our labels begin with, so that we can tell our invoices from those of other programs on the node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelPrefix(String);

/// The prefix has characters that would need escaping, or too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 32 of the characters a-z, 0-9, _ and -")]
pub struct LabelPrefixError;

/// A label of ours: the prefix and 32 hexadecimal digits (128 bits that nobody can guess).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Label(String);

const RANDOM_DIGITS: usize = 32;

/// The two parts of a label's 16 bytes: a nonce, and the beginning of its HMAC. Without the key, all of
/// them are random. A label of another facture passes for ours once in 2^40.
const NONCE_BYTES: usize = 11;
const TAG_BYTES: usize = 5;

/// The secret by which a facture knows the labels that it made: 32 random bytes. Several factures may share a node.
#[derive(Clone)]
pub struct LabelKey([u8; 32]);

/// The text is no label key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 64 hexadecimal digits")]
pub struct LabelKeyError;

impl LabelKey {
    /// A new one.
    pub fn random() -> Self {
        Self(rand::random())
    }

    /// Reads one.
    ///
    /// # Errors
    /// [`LabelKeyError`] for anything but 64 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, LabelKeyError> {
        <[u8; 32]>::from_hex(text)
            .map(Self)
            .map_err(|_| LabelKeyError)
    }

    /// The text that [`LabelKey::parse`] reads. It is a secret.
    pub fn expose(&self) -> String {
        self.0.to_lower_hex_string()
    }

    /// What tells it from other keys, and does not give it away: 16 hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        self.hmac::<8>("fingerprint", &[]).to_lower_hex_string()
    }

    /// A new label with this prefix that nobody can guess.
    pub fn random_label(&self, prefix: &LabelPrefix) -> Label {
        self.label(prefix, rand::random())
    }

    /// The label with this prefix of the request that `scope` calls `key`.
    pub(crate) fn label_of_request(&self, prefix: &LabelPrefix, scope: &str, key: &str) -> Label {
        // With its length, no two scopes and keys are the same bytes.
        let length = u64::try_from(scope.len()).unwrap_or(u64::MAX);
        let parts = [&length.to_be_bytes()[..], scope.as_bytes(), key.as_bytes()];
        self.label(prefix, self.hmac("request", &parts))
    }

    /// The label with this prefix of the payment of an offer, which the node calls `node_label`.
    pub(crate) fn label_of_offer_payment(&self, prefix: &LabelPrefix, node_label: &str) -> Label {
        self.label(prefix, self.hmac("offer payment", &[node_label.as_bytes()]))
    }

    fn label(&self, prefix: &LabelPrefix, nonce: [u8; NONCE_BYTES]) -> Label {
        let tag: [u8; TAG_BYTES] = self.hmac("label", &[&nonce]);
        let (nonce, tag) = (nonce.to_lower_hex_string(), tag.to_lower_hex_string());
        Label(format!("{}{nonce}{tag}", prefix.0))
    }

    /// Whether it made this label, which has this prefix.
    pub(crate) fn made(&self, prefix: &LabelPrefix, label: &Label) -> bool {
        let nonce = label
            .0
            .get(prefix.0.len()..prefix.0.len() + 2 * NONCE_BYTES);
        let nonce = nonce.and_then(|digits| <[u8; NONCE_BYTES]>::from_hex(digits).ok());
        nonce.is_some_and(|nonce| self.label(prefix, nonce) == *label)
    }

    /// The first bytes of the HMAC-SHA256 of these, for this purpose.
    pub(crate) fn hmac<const N: usize>(&self, purpose: &str, parts: &[&[u8]]) -> [u8; N] {
        let mut first = [0; N];
        // HMAC takes a key of any length.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) {
            mac.update(purpose.as_bytes());
            mac.update(&[0]);
            parts.iter().for_each(|part| mac.update(part));
            let whole = mac.finalize().into_bytes();
            first
                .iter_mut()
                .zip(whole)
                .for_each(|(to, from)| *to = from);
        }
        first
    }
}

/// Without the key.
impl fmt::Debug for LabelKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LabelKey(…)")
    }
}

impl LabelPrefix {
    /// Checks a prefix from the configuration.
    ///
    /// # Errors
    /// [`LabelPrefixError`] for anything but 1 to 32 lower-case letters, digits, `_` or `-`: lightningd compares labels
    /// as raw JSON text, so only characters that have one spelling are safe.
    pub fn parse(text: &str) -> Result<Self, LabelPrefixError> {
        let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
        if (1..=32).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(LabelPrefixError)
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A label with this prefix of no key that we know, as another facture makes them.
    pub fn random_label(&self) -> Label {
        let random: u128 = rand::random();
        Label(format!("{}{random:032x}", self.0))
    }

    /// Reads a label; `None` when it does not have this prefix and 32 hexadecimal digits.
    pub fn parse_label(&self, text: &str) -> Option<Label> {
        let digits = text.strip_prefix(&self.0)?;
        let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (digits.len() == RANDOM_DIGITS && digits.bytes().all(hex)).then(|| Label(text.to_owned()))
    }
}

/// `facture_`
impl Default for LabelPrefix {
    fn default() -> Self {
        Self("facture_".to_owned())
    }
}

impl Label {
    /// A label that Lightning Charge made: a "nanoid" of letters, digits, `_` and `-`. `None` when it cannot be one.
    pub fn imported(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        ((10..=64).contains(&text.len()) && text.bytes().all(plain)).then(|| Self(text.to_owned()))
    }

    /// From the store: it was one of ours when it was written.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The text, safe in JSON, URLs and HTML as it is.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Cut short: a reader of the log must not be able to open the buyer's page with it.
impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.len().saturating_sub(RANDOM_DIGITS - 6);
        write!(f, "Label({}…)", &self.0[..shown])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn prefix() -> LabelPrefix {
        LabelPrefix::parse("facture_").unwrap()
    }

    #[test]
    fn a_random_label_is_ours_and_never_the_same() {
        let label = prefix().random_label();
        assert_eq!(prefix().parse_label(label.as_str()), Some(label.clone()));
        assert_ne!(prefix().random_label(), label);
        assert_eq!(label.as_str().len(), "facture_".len() + 32);
    }

    #[test]
    fn other_labels_are_not_ours() {
        let hex = "0123456789abcdef0123456789abcdef";
        assert!(prefix().parse_label(&format!("facture_{hex}")).is_some());
        for text in [
            String::new(),
            "facture_".into(),
            hex.into(),
            format!("facture_{}", hex.to_uppercase()),
            format!("facture_{hex}0"),
            format!("facture_{}", &hex[1..]),
            format!("Facture_{hex}"),
            format!("facture_{}\0", &hex[1..]),
            format!("facture_{hex}/"),
            format!("shop_{hex}"),
        ] {
            assert!(prefix().parse_label(&text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn a_prefix_is_plain() {
        for text in ["", "a b", "A", "é", "a/b", "a\"", &"x".repeat(33)] {
            assert_eq!(LabelPrefix::parse(text), Err(LabelPrefixError), "{text:?}");
        }
    }

    #[test]
    fn debug_does_not_give_the_label_or_the_key_away() {
        let label = prefix().random_label();
        assert!(!format!("{label:?}").contains(label.as_str()));
        let key = LabelKey::random();
        assert!(!format!("{key:?}").contains(&key.expose()));
    }

    #[test]
    fn a_key_is_hexadecimal() {
        for text in ["", "00", &"g".repeat(64), &"0".repeat(65)] {
            assert_eq!(LabelKey::parse(text).unwrap_err(), LabelKeyError);
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in any::<String>()) {
            let _ = prefix().parse_label(&text);
        }
    }
}
