//! Answers to requests.

use serde::Serialize;
use serde_json::{Value, json};

/// What is wrong, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Code {
    /// Too many requests: later.
    RateLimited,
    /// There is no such method.
    NotImplemented,
    /// There is, but not for this connection.
    Restricted,
    /// There is no such invoice, or the connection does not see it.
    NotFound,
    /// The server or its node does not answer, or not now.
    Internal,
    /// The request is encrypted in a way that is not known here.
    UnsupportedEncryption,
    /// The request is wrong; the message says what.
    Other,
}

/// Why a request was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Failure {
    /// For programs.
    pub(crate) code: Code,
    /// For people.
    pub(crate) message: String,
}

impl Failure {
    /// With this message.
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

/// The text of an answer to a request for this method.
pub(crate) fn answer(method: &str, outcome: &Result<Value, Failure>) -> String {
    let answer = match outcome {
        Ok(result) => json!({ "result_type": method, "error": null, "result": result }),
        Err(failure) => json!({ "result_type": method, "error": failure, "result": null }),
    };
    answer.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_protocol() {
        let failure = Failure::new(Code::UnsupportedEncryption, "no");
        let answer: serde_json::Value =
            serde_json::from_str(&answer("get_info", &Err(failure))).unwrap();
        assert_eq!(
            answer,
            json!({
                "result_type": "get_info",
                "error": { "code": "UNSUPPORTED_ENCRYPTION", "message": "no" },
                "result": null,
            })
        );
        let codes = [Code::RateLimited, Code::NotImplemented, Code::Internal];
        assert_eq!(
            json!(codes),
            json!(["RATE_LIMITED", "NOT_IMPLEMENTED", "INTERNAL"])
        );
    }
}
