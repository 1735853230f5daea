//! What an invoice is for, as a merchant types it, within what lightningd can take.

/// A description that lightningd accepts: at most 639 bytes of UTF-8, and no control characters but those that JSON has a
/// short escape for.
///
/// 639 bytes is what fits into a BOLT 11 `d` field (`common/bolt11.h` in lightningd). JSON writes most control characters
/// as a `\u` escape, which lightningd's `invoice` refuses. Where people type one it is one line, as on the page and in
/// wallets ([`Description::parse`]); what programs that know lightningd send may have several
/// ([`Description::parse_lines`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description(String);

/// Why a text cannot be a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DescriptionError {
    /// Too many bytes for a BOLT 11 string.
    #[error("must be at most {} bytes, and is {bytes}", Description::MAX_BYTES)]
    TooLong {
        /// Its length in bytes of UTF-8.
        bytes: usize,
    },
    /// A tab, a line break or another invisible control character.
    #[error("must not contain line breaks or other control characters")]
    ControlCharacter,
    /// A control character that is neither a tab nor a line break.
    #[error("must not contain control characters other than tabs and line breaks")]
    Unescapable,
    /// The sender's bytes were not UTF-8; decoding left replacement characters behind.
    #[error("must be valid UTF-8")]
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
        Self::sound(text)
    }

    /// The same as lightningd takes it: as it is, with tabs and line breaks.
    ///
    /// # Errors
    /// See [`DescriptionError`].
    pub fn parse_lines(text: &str) -> Result<Self, DescriptionError> {
        // JSON's short escapes (RFC 8259 §7). DEL and the C1 controls are sent as they are.
        let short = |c: char| matches!(c, '\u{8}' | '\t' | '\n' | '\u{c}' | '\r' | '\u{7f}'..);
        if text.chars().any(|c| c.is_control() && !short(c)) {
            return Err(DescriptionError::Unescapable);
        }
        Self::sound(text)
    }

    fn sound(text: &str) -> Result<Self, DescriptionError> {
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

    #[test]
    fn programs_may_send_what_lightningd_takes() {
        for text in [
            "Two bags of tea\nand a pot",
            "a\tb\r\n",
            " padded ",
            "\u{8}\u{c}",
            "\u{7f}\u{85}",
        ] {
            assert_eq!(Description::parse_lines(text).unwrap().as_str(), text);
        }
        for text in ["\0", "a\u{1}b", "\u{b}", "\u{1f}"] {
            let refused = Description::parse_lines(text);
            assert_eq!(refused, Err(DescriptionError::Unescapable), "{text:?}");
        }
        let long = "\n".repeat(Description::MAX_BYTES + 1);
        assert!(Description::parse_lines(&long).is_err());
    }

    proptest! {
        #[test]
        fn several_lines_need_no_unicode_escape(text in any::<String>()) {
            if let Ok(description) = Description::parse_lines(&text) {
                let json = serde_json::to_string(description.as_str()).unwrap();
                prop_assert!(!json.replace("\\\\", "").contains("\\u"));
            }
        }

        #[test]
        fn an_accepted_description_needs_no_unicode_escape(text in any::<String>()) {
            if let Ok(description) = Description::parse(&text) {
                let json = serde_json::to_string(description.as_str()).unwrap();
                prop_assert!(!json.replace("\\\\", "").contains("\\u"));
            }
        }
    }
}
