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
    /// A value, or the text as a whole.
    #[error("configuration: {key}: {message}")]
    Value {
        /// Its key, such as `commands.topic`.
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
}
