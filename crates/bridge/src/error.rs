//! Why there is no bridge, or no longer.

use std::io;

use facture_sidecar::ConfigError;
use krafka::KrafkaError;

/// Why there is no bridge, or no longer.
#[derive(Debug, thiserror::Error)]
pub enum BridgeError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The brokers.
    #[error("Kafka ({about})")]
    Kafka {
        /// What it is about.
        about: String,
        /// The reason.
        source: KrafkaError,
    },
    /// Topics that are missing or not as they must be.
    #[error("{0}")]
    Topics(String),
    /// The file that says how far the log was told.
    #[error("events.cursor_file: {0}")]
    Cursor(io::Error),
}
