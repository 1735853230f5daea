//! Connecting to the brokers.

use std::{fs, path::Path};

use facture_runtime::secret_file::{home, secret};
use facture_sidecar::ConfigError;
use krafka::{
    Kafka,
    auth::{AuthConfig, TlsConfig},
};
use secrecy::ExposeSecret;

use crate::{
    config::{KafkaConfig, Sasl},
    error::BridgeError,
};

/// Connects, and learns who the brokers are.
pub(crate) async fn connect(config: &KafkaConfig) -> Result<Kafka, BridgeError> {
    let kafka = Kafka::builder(config.bootstrap.clone())
        .client_id(config.client_id.clone())
        .allow_auto_create_topics(false)
        .security(security(config)?)
        .connect();
    kafka.await.map_err(|source| BridgeError::Kafka {
        about: config.bootstrap.clone(),
        source,
    })
}

fn security(config: &KafkaConfig) -> Result<AuthConfig, ConfigError> {
    let tls = match config.tls {
        true => Some(tls(config)?),
        false => None,
    };
    let Some(sasl) = config.sasl else {
        return Ok(tls.map_or_else(AuthConfig::plaintext, AuthConfig::ssl));
    };
    let password = secret(&config.password_file);
    let password = password.map_err(|error| ConfigError::wrong("kafka.password_file", error))?;
    let (user, password) = (config.user.as_str(), password.expose_secret());
    let who = match sasl {
        Sasl::Plain => AuthConfig::sasl_plain(user, password),
        Sasl::ScramSha256 => AuthConfig::sasl_scram_sha256(user, password),
        Sasl::ScramSha512 => AuthConfig::sasl_scram_sha512(user, password),
    };
    Ok(match tls {
        Some(tls) => who.with_tls(tls),
        None => who,
    })
}

fn tls(config: &KafkaConfig) -> Result<TlsConfig, ConfigError> {
    let read = |key: &str, file: &Path| {
        fs::read(home(file)).map_err(|error| ConfigError::wrong(key, error))
    };
    let trust = match config.ca_file.as_os_str().is_empty() {
        true => TlsConfig::new().with_native_roots(),
        false => TlsConfig::new().with_ca_cert_pem(read("kafka.ca_file", &config.ca_file)?),
    };
    if config.certificate_file.as_os_str().is_empty() {
        return Ok(trust);
    }
    let certificate = read("kafka.certificate_file", &config.certificate_file)?;
    Ok(trust.with_client_cert_pem(certificate, read("kafka.key_file", &config.key_file)?))
}
