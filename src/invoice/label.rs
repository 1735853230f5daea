//! The one identifier of an invoice: its lightningd label, which is unguessable, so that the status link is the key
//! to the page.

use std::{collections::HashSet, fmt, sync::Arc};

/// What all our labels begin with, so that we can tell our invoices from those of other programs on the node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelPrefix(String);

/// The prefix has characters that would need escaping, or too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 32 of the characters a-z, 0-9, _ and -")]
pub struct LabelPrefixError;

/// A label of ours: the prefix and 32 hexadecimal digits (128 random bits).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Label(String);

const RANDOM_DIGITS: usize = 32;

/// Which labels are ours: those with the prefix, and those that were imported.
#[derive(Clone, Debug)]
pub struct OurLabels {
    prefix: LabelPrefix,
    imported: Arc<HashSet<Label>>,
}

impl OurLabels {
    /// Those with this prefix, and these.
    pub fn new(prefix: LabelPrefix, imported: impl IntoIterator<Item = Label>) -> Self {
        Self {
            prefix,
            imported: Arc::new(imported.into_iter().collect()),
        }
    }

    /// A new label that nobody can guess.
    pub fn random_label(&self) -> Label {
        self.prefix.random_label()
    }

    /// Reads a label; `None` when it is not one of ours.
    pub fn parse_label(&self, text: &str) -> Option<Label> {
        let imported = || self.imported.get(&Label(text.to_owned())).cloned();
        self.prefix.parse_label(text).or_else(imported)
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

    /// A new label that nobody can guess.
    pub fn random_label(&self) -> Label {
        let random: u128 = rand::random();
        Label(format!("{}{random:032x}", self.0))
    }

    /// Reads a label; `None` when it is not one of ours.
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
    pub(crate) fn imported(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        ((10..=64).contains(&text.len()) && text.bytes().all(plain)).then(|| Self(text.to_owned()))
    }

    /// A label that was ours when it was kept.
    pub(crate) fn stored(text: String) -> Self {
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

/// Cut short: whoever reads a log must not be able to open the buyer's page with it.
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
    fn debug_does_not_give_the_label_away() {
        let label = prefix().random_label();
        assert!(!format!("{label:?}").contains(label.as_str()));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in any::<String>()) {
            let _ = prefix().parse_label(&text);
        }
    }
}
