//! The bridge's configuration: a file of its own (`bridge.example.toml`), read by nobody else. Secrets are in files that it
//! names.

mod broker;
mod commands;
mod events;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use facture_sidecar::{ConfigError, LogConfig};
use serde::Deserialize;

pub use self::{
    broker::{KafkaConfig, Sasl},
    commands::{CommandsConfig, Shape},
    events::{EventsConfig, Mode},
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

/// `[metrics]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsConfig {
    /// Where Prometheus may ask. Without: nowhere.
    pub listen: Option<SocketAddr>,
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
        Self::parse(&facture_sidecar::read(file)?)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// [`ConfigError`] names the key.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let mut config: Self = facture_sidecar::parse(text)?;
        config.kafka.check()?;
        if let Some(events) = &config.events {
            events.check()?;
        }
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
