//! A configuration in a TOML file, and what is wrong with it.

use std::{fmt, fs, io, path::Path, path::PathBuf};

use serde::de::DeserializeOwned;

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

/// The text of a configuration file.
///
/// # Errors
/// [`ConfigError::Unreadable`].
pub fn read(file: &Path) -> Result<String, ConfigError> {
    fs::read_to_string(file).map_err(|source| ConfigError::Unreadable {
        file: file.to_owned(),
        source,
    })
}

/// Reads TOML as a type.
///
/// # Errors
/// [`ConfigError`] names the line or the key.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, ConfigError> {
    let reader =
        toml::Deserializer::parse(text).map_err(|error| ConfigError::syntax(text, &error))?;
    serde_path_to_error::deserialize(reader).map_err(|error| {
        let key = error.path().to_string();
        ConfigError::value(&key, error.inner())
    })
}

impl ConfigError {
    /// A value that is wrong.
    pub fn wrong(key: &str, message: impl fmt::Display) -> Self {
        Self::Value {
            key: key.to_owned(),
            message: message.to_string(),
        }
    }

    fn syntax(text: &str, error: &toml::de::Error) -> Self {
        let before = error.span().and_then(|span| text.get(..span.start));
        Self::Syntax {
            line: before.unwrap_or_default().matches('\n').count() + 1,
            message: error.message().to_owned(),
        }
    }

    fn value(key: &str, error: &toml::de::Error) -> Self {
        let message = error.message().replacen("unknown field", "unknown key", 1);
        match key {
            "." => Self::wrong("file", message),
            key => Self::wrong(key, message),
        }
    }
}
