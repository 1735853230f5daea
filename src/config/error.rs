//! What is wrong with a configuration, in words that name the key and never show a value that may be a secret.

use std::{fmt, io, path::PathBuf};

use ::config as layers;

/// A key that does not exist, or a value that is not allowed. The text names the key and says what is.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A key that does not exist, or a value of the wrong kind.
    #[error("configuration: {}{message}", Prefix(key))]
    Value {
        /// The key, such as `server.listen`.
        key: Option<String>,
        /// What is wrong.
        message: String,
    },
    /// A file that cannot be read.
    #[error("configuration: cannot read {}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file that holds a secret and that others may read.
    #[error("configuration: {} contains {key} and other users can read it: run `chmod 600 {}`", file.display(), file.display())]
    Exposed {
        /// The file.
        file: PathBuf,
        /// The secret.
        key: String,
    },
    /// A file that is not TOML.
    #[error("configuration: {}, line {line}: {message}", file.display())]
    Syntax {
        /// The file.
        file: PathBuf,
        /// The number of the line.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// Values that are fine alone but not together.
    #[error("configuration: {0}")]
    Inconsistent(String),
}

/// The key and a colon, if there is a key.
struct Prefix<'a>(&'a Option<String>);

impl fmt::Display for Prefix<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(key) => write!(f, "{key}: "),
            None => Ok(()),
        }
    }
}

impl From<layers::ConfigError> for ConfigError {
    fn from(error: layers::ConfigError) -> Self {
        match error {
            layers::ConfigError::At {
                error,
                key: Some(key),
                ..
            } => match Self::from(*error) {
                Self::Value { key: None, message } => Self::Value {
                    key: Some(key),
                    message,
                },
                inner => inner,
            },
            layers::ConfigError::Type {
                unexpected,
                expected,
                key,
                ..
            } => Self::Value {
                key,
                message: without_value(&format!("invalid type: {unexpected}, expected {expected}")),
            },
            other => Self::Value {
                key: None,
                message: without_value(&other.to_string()),
            },
        }
    }
}

/// Serde's words about a value of the wrong kind, without the value: it may be a secret under the wrong key. Other
/// messages are left as they are.
pub(super) fn without_value(message: &str) -> String {
    let wrong = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "));
    let Some((found, expected)) = wrong.and_then(|wrong| wrong.rsplit_once(", expected ")) else {
        // Serde's name for a key.
        return message.replacen("unknown field", "unknown key", 1);
    };
    let kind = found.split(['`', '"']).next().unwrap_or_default().trim();
    match expected.starts_with("struct ") {
        true => format!("must be a section with keys, not a {kind}"),
        false => format!("must be {expected}, not a {kind}"),
    }
}

/// The complaint about a value, with the value in front of it where that cannot be a secret: a token has 24 characters or
/// more, a password stands in an address.
pub(super) fn refusal(value: &str, complaint: impl fmt::Display) -> String {
    match value.len() >= 24 || value.contains('@') || value.contains("://") {
        true => complaint.to_string(),
        false => format!("`{value}`: {complaint}"),
    }
}
