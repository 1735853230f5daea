//! What is wrong with a configuration.

use std::{fmt, io, path::PathBuf};

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file.
    #[error("configuration: cannot read {}: {source}", file.display())]
    Unreadable {
        /// Its path.
        file: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// It is no TOML.
    #[error("configuration: line {line}: {message}")]
    Syntax {
        /// The number of the line.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A value.
    #[error("configuration: {key}: {message}")]
    Value {
        /// Its key, such as `limits.per_hour_sat`.
        key: String,
        /// What is wrong.
        message: String,
    },
}

impl ConfigError {
    pub(crate) fn wrong(key: &str, message: impl fmt::Display) -> Self {
        Self::Value {
            key: key.to_owned(),
            message: message.to_string(),
        }
    }

    pub(super) fn syntax(text: &str, error: &toml::de::Error) -> Self {
        let before = error.span().and_then(|span| text.get(..span.start));
        Self::Syntax {
            line: before.unwrap_or_default().matches('\n').count() + 1,
            message: error.message().to_owned(),
        }
    }

    pub(super) fn value(key: &str, error: &toml::de::Error) -> Self {
        let message = error.message().replacen("unknown field", "unknown key", 1);
        match key {
            "." => Self::wrong("file", message),
            key => Self::wrong(key, message),
        }
    }
}
