//! What came of sending a message.

use facture_domain::notice::NoticeFailure;

/// A message that did not arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotSent {
    /// Why.
    pub failure: NoticeFailure,
    /// What the server answered, or what else there is to say.
    pub answer: String,
    /// When it may be tried again, as the server says it (`Retry-After`, RFC 9110 §10.2.3).
    pub(super) retry_after: Option<String>,
}

/// As many characters of an answer are kept.
const MAX_ANSWER_CHARS: usize = 300;

impl NotSent {
    pub(super) fn new(failure: NoticeFailure, answer: &str) -> Self {
        Self {
            failure,
            answer: one_line(answer),
            retry_after: None,
        }
    }
}

/// The beginning of an answer, in one line.
pub(super) fn one_line(answer: &str) -> String {
    let is_odd = |character: char| character.is_control() || character.is_whitespace();
    let words: Vec<&str> = answer
        .split(is_odd)
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ").chars().take(MAX_ANSWER_CHARS).collect()
}
