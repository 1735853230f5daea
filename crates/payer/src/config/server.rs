//! `[server]`: where the orders are.

use std::path::PathBuf;

use facture_sidecar::ConfigError;
use serde::Deserialize;
use url::Url;

use super::value;

/// `[server]`: a socket of this machine, or the address of the API.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// The private socket in the data directory of `facture serve`.
    pub socket: PathBuf,
    /// The address of the API, instead of the socket.
    #[serde(deserialize_with = "value::https_origin")]
    pub url: Option<Url>,
    /// The authorities, in PEM, that alone may vouch for that address. Empty: those that this system trusts.
    pub ca_file: PathBuf,
    /// A file with an API token whose scope is `payouts:execute`.
    pub token_file: PathBuf,
}

impl ServerConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let wrong = |key: &str, message: &str| Err(ConfigError::wrong(key, message));
        let socket = !self.socket.as_os_str().is_empty();
        match (socket, &self.url) {
            (true, Some(_)) => wrong("server.socket", "server.url is set too: keep one of them"),
            (false, None) => wrong("server.socket", "is missing, and so is server.url"),
            (true, None) if !self.ca_file.as_os_str().is_empty() => {
                wrong("server.ca_file", "requires server.url, which is empty")
            }
            _ if self.token_file.as_os_str().is_empty() => wrong(
                "server.token_file",
                "is missing: `facture token create --name payer --scope payouts:execute` prints a token",
            ),
            _ => Ok(()),
        }
    }
}
