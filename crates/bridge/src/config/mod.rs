//! The bridge's configuration: a file of its own (`bridge.example.toml`), read by nobody else. Secrets are in files that it
//! names.

mod broker;
mod commands;
mod error;
mod value;

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use serde::Deserialize;

pub(crate) use self::value::{home, secret};
pub use self::{
    broker::{KafkaConfig, Sasl},
    commands::{CommandsConfig, Shape},
    error::ConfigError,
};

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `[server]`: whose API does the work.
    pub server: ServerConfig,
    /// `[kafka]`: the brokers.
    pub kafka: KafkaConfig,
    /// `[commands]`: what is read and answered. Without it, nothing.
    pub commands: Option<CommandsConfig>,
    /// `[events]`: what is told. Without it, nothing.
    pub events: Option<EventsConfig>,
    /// `[metrics]`
    #[serde(default)]
    pub metrics: MetricsConfig,
    /// `[log]`: what goes to standard error.
    #[serde(default)]
    pub log: LogConfig,
}

/// `[server]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerConfig {
    /// The private socket in the data directory of `facture serve`.
    pub socket: PathBuf,
    /// A file with an API token.
    pub token_file: PathBuf,
    /// The source of CloudEvents: who speaks. Of several factures on one topic, each needs another.
    #[serde(default = "source")]
    pub source: String,
}

/// `[events]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventsConfig {
    /// The topic.
    pub topic: String,
    /// The file that says how far the log was told.
    pub cursor_file: PathBuf,
}

/// `[metrics]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsConfig {
    /// Where Prometheus may ask. Without: nowhere.
    pub listen: Option<SocketAddr>,
}

/// `[log]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// What is logged, as `tracing` reads it.
    pub filter: String,
    /// How.
    pub format: LogFormat,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            filter: "info,krafka=warn".to_owned(),
            format: LogFormat::Text,
        }
    }
}

fn source() -> String {
    "/facture".to_owned()
}

impl Config {
    /// Reads the file.
    ///
    /// # Errors
    /// [`ConfigError`] names the key.
    pub fn read(file: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(file).map_err(|source| ConfigError::Unreadable {
            file: file.to_owned(),
            source,
        })?;
        Self::parse(&text)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// [`ConfigError`] names the key.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let syntax = |error: toml::de::Error| ConfigError::wrong("file", error.to_string().trim());
        let reader = toml::Deserializer::parse(text).map_err(syntax)?;
        let read: Result<Self, _> = serde_path_to_error::deserialize(reader);
        let mut config = read.map_err(|error| {
            let key = error.path().to_string();
            let message = error.inner().message();
            ConfigError::wrong(&key, message.replacen("unknown field", "unknown key", 1))
        })?;
        config.kafka.check()?;
        match (&mut config.commands, &config.events) {
            (None, None) => Err(ConfigError::wrong(
                "file",
                "has neither [commands] nor [events]: there is nothing to do",
            )),
            (Some(commands), _) => commands.check().map(|()| config),
            (None, Some(_)) => Ok(config),
        }
    }
}

#[cfg(test)]
mod tests;
