//! `[node]`: what pays.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use facture_sidecar::ConfigError;
use serde::Deserialize;
use url::Url;

use super::value;

/// `[node]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NodeConfig {
    /// Which program the node is.
    pub kind: NodeKind,
    /// lightningd's socket (its `rpc-file`). Whoever can open it may do everything.
    pub rpc_file: PathBuf,
    /// The address of its plugin clnrest, instead of the socket.
    #[serde(deserialize_with = "value::https_origin")]
    pub rest_url: Option<Url>,
    /// A file with the rune that clnrest lets us in by (`facture rune --payer`).
    pub rune_file: PathBuf,
    /// The authorities, in PEM, that alone may vouch for clnrest. Empty: those that this system trusts.
    pub ca_file: PathBuf,
    /// The address of LND's REST interface.
    #[serde(deserialize_with = "value::https_origin")]
    pub lnd_url: Option<Url>,
    /// LND's certificate (`tls.cert`).
    pub tls_cert_file: PathBuf,
    /// A macaroon of LND (`facture lnd-macaroon --payer`).
    pub macaroon_file: PathBuf,
    /// How long a call that does not pay may take, in seconds.
    pub deadline_seconds: u8,
    /// How long the node looks for ways, in seconds. What is under way then goes on.
    pub retry_for_seconds: u16,
}

/// Which program a node is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NodeKind {
    /// Core Lightning.
    #[default]
    Cln,
    /// LND.
    Lnd,
}

impl Default for NodeConfig {
    fn default() -> Self {
        Self {
            kind: NodeKind::Cln,
            rpc_file: PathBuf::new(),
            rest_url: None,
            rune_file: PathBuf::new(),
            ca_file: PathBuf::new(),
            lnd_url: None,
            tls_cert_file: PathBuf::new(),
            macaroon_file: PathBuf::new(),
            deadline_seconds: 10,
            retry_for_seconds: 60,
        }
    }
}

impl NodeConfig {
    /// How long a call that does not pay may take.
    pub fn deadline(&self) -> Duration {
        Duration::from_secs(self.deadline_seconds.into())
    }

    /// How long the node looks for ways.
    pub fn retry_for(&self) -> Duration {
        Duration::from_secs(self.retry_for_seconds.into())
    }

    /// What would be ignored is refused, and what is needed is asked for.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let set = |path: &Path| !path.as_os_str().is_empty();
        let of_cln = [
            ("node.rpc_file", set(&self.rpc_file)),
            ("node.rest_url", self.rest_url.is_some()),
            ("node.rune_file", set(&self.rune_file)),
            ("node.ca_file", set(&self.ca_file)),
        ];
        let of_lnd = [
            ("node.lnd_url", self.lnd_url.is_some()),
            ("node.tls_cert_file", set(&self.tls_cert_file)),
            ("node.macaroon_file", set(&self.macaroon_file)),
        ];
        let (others, kind) = match self.kind {
            NodeKind::Cln => (&of_lnd[..], "lnd"),
            NodeKind::Lnd => (&of_cln[..], "cln"),
        };
        if let Some((key, _)) = others.iter().find(|(_, is_set)| *is_set) {
            let message = format!("requires node.kind = \"{kind}\"");
            return Err(ConfigError::wrong(key, message));
        }
        for (key, number) in [
            ("node.deadline_seconds", u16::from(self.deadline_seconds)),
            ("node.retry_for_seconds", self.retry_for_seconds),
        ] {
            if number == 0 {
                return Err(ConfigError::wrong(key, "must be at least 1"));
            }
        }
        match self.kind {
            NodeKind::Cln => self.check_cln(),
            NodeKind::Lnd => match of_lnd.iter().find(|(_, is_set)| !is_set) {
                Some((key, _)) => Err(ConfigError::wrong(key, "is missing")),
                None => Ok(()),
            },
        }
    }

    fn check_cln(&self) -> Result<(), ConfigError> {
        let wrong = |key: &str, message: &str| Err(ConfigError::wrong(key, message));
        let set = |path: &Path| !path.as_os_str().is_empty();
        match (&self.rest_url, set(&self.rpc_file)) {
            (Some(_), true) => wrong(
                "node.rpc_file",
                "node.rest_url is set too: keep one of them",
            ),
            (None, false) => wrong("node.rpc_file", "is missing, and so is node.rest_url"),
            (Some(_), false) if !set(&self.rune_file) => wrong(
                "node.rune_file",
                "is missing: `facture rune --payer` prints the command that creates a rune",
            ),
            (None, true) if set(&self.rune_file) => {
                wrong("node.rune_file", "requires node.rest_url, which is empty")
            }
            (None, true) if set(&self.ca_file) => {
                wrong("node.ca_file", "requires node.rest_url, which is empty")
            }
            _ => Ok(()),
        }
    }
}
