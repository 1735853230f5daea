//! The payer's configuration: a file of its own (`payer.example.toml`), read by nobody else. Secrets are in files that it
//! names.

mod error;
mod limits;
mod node;
mod server;
mod value;

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

pub(crate) use self::value::{home, secret};
pub use self::{
    error::ConfigError,
    limits::LimitsConfig,
    node::{NodeConfig, NodeKind},
    server::ServerConfig,
};

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The directory with the journal, the payer's id and the approvals. Nobody else may read it.
    pub data_dir: PathBuf,
    /// How many payments may be under way at once.
    #[serde(default = "payments")]
    pub payments: u8,
    /// `[server]`: where the orders are.
    pub server: ServerConfig,
    /// `[node]`: what pays.
    pub node: NodeConfig,
    /// `[limits]`: what may be spent.
    pub limits: LimitsConfig,
    /// `[approval]`: how the owner approves.
    #[serde(default)]
    pub approval: ApprovalConfig,
    /// `[destinations]`: whose servers are asked for invoices.
    #[serde(default)]
    pub destinations: DestinationsConfig,
    /// `[log]`: what goes to standard error.
    #[serde(default)]
    pub log: LogConfig,
}

/// `[approval]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ApprovalConfig {
    /// The file with the secret of an authenticator app. Empty: no codes are taken.
    totp_file: PathBuf,
}

impl ApprovalConfig {
    /// The file with the secret of an authenticator app, if there is one.
    pub fn totp_file(&self) -> Option<PathBuf> {
        let is_set = !self.totp_file.as_os_str().is_empty();
        is_set.then(|| home(&self.totp_file))
    }
}

/// `[destinations]`
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DestinationsConfig {
    /// Whether servers on this machine and on private networks are asked too.
    pub allow_private_addresses: bool,
}

/// `[log]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// What is logged, as `tracing` reads it, such as `info` or `facture_payer=debug`.
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
            filter: "info".to_owned(),
            format: LogFormat::Text,
        }
    }
}

fn payments() -> u8 {
    4
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
        let reader =
            toml::Deserializer::parse(text).map_err(|error| ConfigError::syntax(text, &error))?;
        let mut config: Self = serde_path_to_error::deserialize(reader).map_err(|error| {
            let key = error.path().to_string();
            ConfigError::value(&key, error.inner())
        })?;
        config.data_dir = home(&config.data_dir);
        if config.data_dir.as_os_str().is_empty() {
            return Err(ConfigError::wrong("data_dir", "must be a directory"));
        }
        if config.payments == 0 {
            return Err(ConfigError::wrong("payments", "must be from 1 to 255"));
        }
        config.server.check()?;
        config.node.check()?;
        config.limits.check()?;
        Ok(config)
    }

    /// Where approvals are put for the payer to find.
    pub fn approvals(&self) -> PathBuf {
        self.data_dir.join("approvals")
    }
}

#[cfg(test)]
mod tests;
