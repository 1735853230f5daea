//! Why the service cannot start, or ends.

use std::io;

use facture_runtime::tls::TlsError;
use facture_sidecar::ConfigError;

use crate::directory::DirectoryError;

/// Why the service cannot start, or ends.
#[derive(Debug, thiserror::Error)]
pub enum NwcError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The connections.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// Another one uses the same directory.
    #[error("another `facture nwc` uses {0}")]
    InUse(String),
    /// TLS.
    #[error("TLS: {0}")]
    Tls(#[from] TlsError),
    /// What it writes in its directory.
    #[error("{0}")]
    State(#[from] io::Error),
}
