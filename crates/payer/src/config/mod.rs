//! The payer's configuration: a file of its own (`payer.example.toml`), read by nobody else. Secrets are in files that it
//! names.

mod limits;
mod node;
mod server;
mod value;

use std::path::{Path, PathBuf};

use facture_runtime::secret_file::home;
use facture_sidecar::{ConfigError, LogConfig};
use serde::Deserialize;

pub use self::{
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

fn payments() -> u8 {
    4
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
