//! What an invoice is for, as a merchant types it, within what lightningd can take.

/// A description that lightningd accepts: at most 639 bytes of UTF-8, no control characters.
///
/// 639 bytes is what fits into a BOLT 11 `d` field (`common/bolt11.h` in lightningd). JSON writes most control characters
/// as a `\u` escape, which lightningd's `invoice` refuses; line breaks and the rest would pass, but a description is one
/// line on the page and in wallets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description(String);

/// Why a text cannot be a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DescriptionError {
    /// Too many bytes for a BOLT 11 string.
    #[error("is {bytes} bytes long, at most {} fit", Description::MAX_BYTES)]
    TooLong {
        /// Its length in bytes of UTF-8.
        bytes: usize,
    },
    /// A tab, a line break or another invisible control character.
    #[error("must not contain line breaks or other control characters")]
    ControlCharacter,
    /// The sender's bytes were not UTF-8; decoding left replacement characters behind.
    #[error("is not valid UTF-8 text")]
    NotUtf8,
}

/// Spaces and joiners that, alone, would show as nothing.
const INVISIBLE: [char; 7] = [
    '\u{a0}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{3000}', '\u{feff}',
];

impl Description {
    /// The most bytes of UTF-8 a BOLT 11 description holds.
    pub const MAX_BYTES: usize = 639;

    /// Reads a description; spaces and invisible characters around it are dropped.
    ///
    /// # Errors
    /// See [`DescriptionError`]. Length is counted in bytes, as BOLT 11 counts it.
    pub fn parse(text: &str) -> Result<Self, DescriptionError> {
        let text = text.trim_matches(|c: char| c == ' ' || INVISIBLE.contains(&c));
        if text.chars().any(char::is_control) {
            return Err(DescriptionError::ControlCharacter);
        }
        if text.contains(char::REPLACEMENT_CHARACTER) {
            return Err(DescriptionError::NotUtf8);
        }
        if text.len() > Self::MAX_BYTES {
            return Err(DescriptionError::TooLong { bytes: text.len() });
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// "Payment"
impl Default for Description {
    fn default() -> Self {
        Self("Payment".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn counts_bytes_not_characters() {
        assert!(Description::parse(&"☕".repeat(213)).is_ok());
        assert_eq!(
            Description::parse(&"☕".repeat(214)),
            Err(DescriptionError::TooLong { bytes: 642 })
        );
    }

    #[test]
    fn is_one_line_of_text() {
        for text in ["a\u{1}b", "a\nb", "a\tb", "\0", "\u{7f}", "\u{85}"] {
            assert_eq!(
                Description::parse(text),
                Err(DescriptionError::ControlCharacter),
                "{text:?}"
            );
        }
        assert_eq!(Description::parse(" \u{a0}\u{200b} ").unwrap().as_str(), "");
        assert_eq!(
            Description::parse("a\u{fffd}"),
            Err(DescriptionError::NotUtf8)
        );
        for text in [
            "",
            "<script>alert(1)</script>",
            "\"quoted\" 'too' & \\",
            "مرحبا",
            "☕🍰",
            "\u{202e}abc",
        ] {
            assert_eq!(Description::parse(text).unwrap().as_str(), text);
        }
    }

    proptest! {
        #[test]
        fn an_accepted_description_needs_no_unicode_escape(text in any::<String>()) {
            if let Ok(description) = Description::parse(&text) {
                let json = serde_json::to_string(description.as_str()).unwrap();
                prop_assert!(!json.replace("\\\\", "").contains("\\u"));
            }
        }
    }
}
