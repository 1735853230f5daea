//! What the answer of an HTTP server means.

use super::reply::{NotSent, one_line};
use crate::webhooks::Answer;
use facture_domain::{
    hook::{Failure, Outcome},
    notice::NoticeFailure,
};

/// Reads an answer. `meaning` says what a status means that is no success, `words` finds what the server says in the
/// beginning of the body.
pub(super) fn read(
    answer: Answer,
    meaning: impl Fn(u16) -> NoticeFailure,
    words: impl Fn(&str) -> String,
) -> Result<String, NotSent> {
    let status = match answer.outcome {
        Outcome::Answered(status) => status,
        Outcome::Failed(failure) => {
            let meaning = match failure {
                Failure::PrivateAddress => NoticeFailure::NotAllowed,
                Failure::Internal => NoticeFailure::Internal,
                _ => NoticeFailure::Unreachable,
            };
            return Err(NotSent::new(meaning, failure.as_str()));
        }
    };
    let said = format!("HTTP {status} {}", words(&answer.excerpt));
    match answer.outcome.is_success() {
        true => Ok(one_line(&said)),
        false => Err(NotSent {
            retry_after: answer.retry_after,
            ..NotSent::new(meaning(status), &said)
        }),
    }
}
