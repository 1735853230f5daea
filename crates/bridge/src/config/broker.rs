//! `[kafka]`: the brokers and how they are reached.

use std::path::PathBuf;

use facture_sidecar::ConfigError;
use serde::Deserialize;

/// `[kafka]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KafkaConfig {
    /// Brokers to begin with, `host:port`, separated by commas.
    pub bootstrap: String,
    /// What the brokers call this client.
    #[serde(default = "client_id")]
    pub client_id: String,
    /// Whether the connection is encrypted.
    #[serde(default)]
    pub tls: bool,
    /// The authorities, in PEM, that alone may vouch for the brokers. Empty: those that this system trusts.
    #[serde(default)]
    pub ca_file: PathBuf,
    /// A client certificate, in PEM.
    #[serde(default)]
    pub certificate_file: PathBuf,
    /// Its key, in PEM.
    #[serde(default)]
    pub key_file: PathBuf,
    /// How this client says who it is.
    #[serde(default)]
    pub sasl: Option<Sasl>,
    /// The user of `sasl`.
    #[serde(default)]
    pub user: String,
    /// A file with the password of `sasl`.
    #[serde(default)]
    pub password_file: PathBuf,
}

/// How this client says who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Sasl {
    /// The password itself, so only over TLS.
    #[serde(rename = "PLAIN")]
    Plain,
    /// A proof of the password.
    #[serde(rename = "SCRAM-SHA-256")]
    ScramSha256,
    /// A proof of the password.
    #[serde(rename = "SCRAM-SHA-512")]
    ScramSha512,
}

fn client_id() -> String {
    "facture-bridge".to_owned()
}

impl KafkaConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let wrong = |key: &str, message: &str| Err(ConfigError::wrong(key, message));
        let is_set = |path: &PathBuf| !path.as_os_str().is_empty();
        if self.bootstrap.is_empty() {
            return wrong("kafka.bootstrap", "must be host:port");
        }
        if !self.tls && (is_set(&self.ca_file) || is_set(&self.certificate_file)) {
            return wrong("kafka.tls", "must be true for ca_file and certificate_file");
        }
        if is_set(&self.certificate_file) != is_set(&self.key_file) {
            return wrong("kafka.key_file", "goes with certificate_file");
        }
        match self.sasl {
            None if !self.user.is_empty() => wrong("kafka.sasl", "is missing"),
            None => Ok(()),
            Some(Sasl::Plain) if !self.tls => wrong(
                "kafka.tls",
                "must be true for PLAIN, which sends the password",
            ),
            Some(_) if self.user.is_empty() => wrong("kafka.user", "is missing"),
            Some(_) if !is_set(&self.password_file) => wrong("kafka.password_file", "is missing"),
            Some(_) => Ok(()),
        }
    }
}
