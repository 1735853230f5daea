//! A shop's note on a sale.

use jiff::Timestamp;

/// What a note says: at most [`NoteText::MAX_BYTES`] of text, with line breaks, which are `\n`. Empty: there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoteText(String);

/// A text that is no note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be at most {} bytes, without control characters",
    NoteText::MAX_BYTES
)]
pub struct NoteError;

/// A note on a sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it says.
    pub text: NoteText,
    /// The name of the user who wrote it.
    pub author: String,
    /// When.
    pub written_at: Timestamp,
}

impl NoteText {
    /// The most bytes of a note.
    pub const MAX_BYTES: usize = 2000;

    /// Reads what somebody typed; browsers send line breaks as two characters.
    ///
    /// # Errors
    /// [`NoteError`].
    pub fn parse(typed: &str) -> Result<Self, NoteError> {
        let text = typed.replace("\r\n", "\n");
        let text = text.trim();
        let plain = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\t');
        match text.len() <= Self::MAX_BYTES && text.chars().all(plain) {
            true => Ok(Self(text.to_owned())),
            false => Err(NoteError),
        }
    }

    /// From the store.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_text_with_line_breaks() {
        let read = NoteText::parse(" one\r\ntwo\t\n").unwrap();
        assert_eq!(read.as_str(), "one\ntwo");
        assert_eq!(NoteText::parse(" \r\n ").unwrap(), NoteText::default());
        for bad in ["a\0", "a\u{1b}", "a\rb", &"x".repeat(2001)] {
            assert_eq!(NoteText::parse(bad), Err(NoteError), "{bad:?}");
        }
    }
}
