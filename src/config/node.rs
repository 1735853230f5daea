//! `[node]`: which node, and how we reach it.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    time::Duration,
};

use facture_runtime::secret_file::home;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::Url;

use super::{
    number::Bounded,
    rune::ConfiguredRune,
    text::{origin, parsed},
};
use crate::config::error::ConfigError;

/// `[node]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct NodeConfig {
    /// Which program the node is.
    pub kind: NodeKind,
    /// lightningd's socket (its `rpc-file`); `~/` is the home directory.
    pub rpc_file: PathBuf,
    /// The address of its plugin clnrest, instead of the socket.
    pub rest_url: RestUrl,
    /// What clnrest lets us in by. Never printed.
    #[serde(skip_serializing)]
    pub rune: ConfiguredRune,
    /// A file that holds the rune.
    pub rune_file: PathBuf,
    /// The authorities, in PEM, that alone may vouch for clnrest. Empty: those that this system trusts.
    pub ca_file: PathBuf,
    /// The address of LND's REST interface.
    pub lnd_url: LndUrl,
    /// LND's certificate (`tls.cert`); `~/` is the home directory.
    pub tls_cert_file: PathBuf,
    /// A macaroon of LND; `~/` is the home directory.
    pub macaroon_file: PathBuf,
    /// How long one call to the node may take, in seconds.
    pub deadline_seconds: Bounded<1, 60>,
    /// The most connections to the node at once. lightningd queues up to 128.
    pub connections: Bounded<1, 100>,
    /// The most calls that wait for a free connection; more are told to come again.
    pub queue: Bounded<0, 100_000>,
}

/// Which program a node is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NodeKind {
    /// Core Lightning.
    #[default]
    Cln,
    /// LND.
    Lnd,
}

/// The origin of LND's REST interface.
#[derive(Clone, Debug, PartialEq)]
pub struct LndUrl(Option<Url>);

/// The origin of clnrest, or none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RestUrl(Option<Url>);

/// How the node is to be reached.
#[derive(Debug)]
pub enum NodeTransport {
    /// lightningd by its socket.
    Socket(PathBuf),
    /// lightningd by clnrest.
    Rest {
        /// Its origin.
        url: Url,
        /// What lets us in.
        rune: SecretString,
        /// The authorities that alone may vouch for it, in PEM.
        ca: Option<Vec<u8>>,
    },
    /// LND by its REST interface. Its files are read for each connection.
    Lnd {
        /// Its origin.
        url: Url,
        /// Its certificate.
        tls_cert_file: PathBuf,
        /// What lets us in.
        macaroon_file: PathBuf,
    },
}

impl Default for NodeConfig {
    fn default() -> Self {
        Self {
            kind: NodeKind::default(),
            rpc_file: PathBuf::from("~/.lightning/bitcoin/lightning-rpc"),
            rest_url: RestUrl::default(),
            rune: ConfiguredRune::default(),
            rune_file: PathBuf::new(),
            ca_file: PathBuf::new(),
            lnd_url: LndUrl::default(),
            tls_cert_file: PathBuf::new(),
            macaroon_file: PathBuf::new(),
            deadline_seconds: Bounded::new(10),
            connections: Bounded::new(8),
            queue: Bounded::new(1000),
        }
    }
}

impl NodeConfig {
    /// Goes by this socket, whatever was configured.
    pub fn use_socket(&mut self, rpc_file: PathBuf) {
        *self = Self {
            rpc_file,
            deadline_seconds: self.deadline_seconds,
            connections: self.connections,
            queue: self.queue,
            ..Self::default()
        };
    }

    /// Where the node is, for people.
    pub fn place(&self) -> String {
        match (self.kind, &self.rest_url.0) {
            (NodeKind::Lnd, _) => self.lnd_url.to_string(),
            (NodeKind::Cln, Some(_)) => self.rest_url.to_string(),
            (NodeKind::Cln, None) => home(&self.rpc_file).display().to_string(),
        }
    }

    /// Whether it lets us in by a credential whose rights are limited; lightningd's socket has none.
    pub fn has_own_credential(&self) -> bool {
        self.kind == NodeKind::Lnd || self.rest_url.0.is_some()
    }

    /// How the node is to be reached.
    ///
    /// # Errors
    /// [`ConfigError`] when the rune is missing, or one of the files cannot be used.
    pub fn transport(&self) -> Result<NodeTransport, ConfigError> {
        if self.kind == NodeKind::Lnd {
            return self.lnd();
        }
        let Some(url) = &self.rest_url.0 else {
            return Ok(NodeTransport::Socket(home(&self.rpc_file)));
        };
        let rune = match (self.rune.get(), named(&self.rune_file)) {
            (Some(rune), _) => rune.clone(),
            (None, Some(file)) => {
                ConfiguredRune::read(&file).map_err(unusable("node.rune_file", &file))?
            }
            (None, None) => {
                return Err(ConfigError::Inconsistent(
                    "node.rest_url needs node.rune or node.rune_file: `facture rune` prints the command that creates a rune"
                        .to_owned(),
                ));
            }
        };
        let ca = named(&self.ca_file)
            .map(|file| fs::read(&file).map_err(unusable("node.ca_file", &file)))
            .transpose()?;
        let url = url.clone();
        Ok(NodeTransport::Rest { url, rune, ca })
    }

    fn lnd(&self) -> Result<NodeTransport, ConfigError> {
        let missing = |key: &str| {
            ConfigError::Inconsistent(format!(
                "node.kind = \"lnd\" needs {key}: see config.example.toml"
            ))
        };
        Ok(NodeTransport::Lnd {
            url: self
                .lnd_url
                .0
                .clone()
                .ok_or_else(|| missing("node.lnd_url"))?,
            tls_cert_file: named(&self.tls_cert_file)
                .ok_or_else(|| missing("node.tls_cert_file"))?,
            macaroon_file: named(&self.macaroon_file)
                .ok_or_else(|| missing("node.macaroon_file"))?,
        })
    }

    /// What would be ignored is refused.
    pub(super) fn check_consistency(&self) -> Result<(), ConfigError> {
        let wrong = |text: &str| Err(ConfigError::Inconsistent(text.to_owned()));
        let rune_file = named(&self.rune_file).is_some();
        self.check_kind()?;
        match &self.rest_url.0 {
            None if self.rune.get().is_some() => {
                wrong("node.rune requires node.rest_url, which is empty")
            }
            None if rune_file => wrong("node.rune_file requires node.rest_url, which is empty"),
            None if named(&self.ca_file).is_some() => {
                wrong("node.ca_file requires node.rest_url, which is empty")
            }
            Some(_) if self.rpc_file != Self::default().rpc_file => {
                wrong("node.rest_url and node.rpc_file are both set: keep one of them")
            }
            Some(_) if self.rune.get().is_some() && rune_file => {
                wrong("node.rune and node.rune_file are both set: keep one of them")
            }
            _ => Ok(()),
        }
    }

    /// The keys of one kind of node do not go with the other.
    fn check_kind(&self) -> Result<(), ConfigError> {
        let default = Self::default();
        let of_cln = [
            ("node.rpc_file", self.rpc_file != default.rpc_file),
            ("node.rest_url", self.rest_url.0.is_some()),
            ("node.rune", self.rune.get().is_some()),
            ("node.rune_file", named(&self.rune_file).is_some()),
            ("node.ca_file", named(&self.ca_file).is_some()),
        ];
        let of_lnd = [
            ("node.lnd_url", self.lnd_url != default.lnd_url),
            ("node.tls_cert_file", named(&self.tls_cert_file).is_some()),
            ("node.macaroon_file", named(&self.macaroon_file).is_some()),
        ];
        let (others, kind) = match self.kind {
            NodeKind::Cln => (&of_lnd[..], "lnd"),
            NodeKind::Lnd => (&of_cln[..], "cln"),
        };
        match others.iter().find(|(_, is_set)| *is_set) {
            Some((key, _)) => Err(ConfigError::Inconsistent(format!(
                "{key} requires node.kind = \"{kind}\""
            ))),
            None => Ok(()),
        }
    }

    /// The deadline as a span of time.
    pub fn deadline(&self) -> Duration {
        Duration::from_secs(self.deadline_seconds.value().into())
    }
}

fn unusable(key: &str, file: &Path) -> impl FnOnce(std::io::Error) -> ConfigError {
    let place = format!("{key}: {}", file.display());
    move |error| ConfigError::Inconsistent(format!("{place}: {error}"))
}

fn named(file: &Path) -> Option<PathBuf> {
    (!file.as_os_str().is_empty()).then(|| home(file))
}

impl fmt::Display for RestUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            None => Ok(()),
            Some(url) => f.write_str(url.as_str().trim_end_matches('/')),
        }
    }
}

impl<'de> Deserialize<'de> for NodeKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, |text| match text {
            "cln" => Ok(Self::Cln),
            "lnd" => Ok(Self::Lnd),
            _ => Err("must be \"cln\" or \"lnd\""),
        })
    }
}

/// LND's default.
impl Default for LndUrl {
    fn default() -> Self {
        Self(origin("https://localhost:8080"))
    }
}

impl fmt::Display for LndUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            None => Ok(()),
            Some(url) => f.write_str(url.as_str().trim_end_matches('/')),
        }
    }
}

impl<'de> Deserialize<'de> for LndUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, |text| match origin(text) {
            Some(url) if url.scheme() == "https" => Ok(Self(Some(url))),
            _ => Err("must be like https://localhost:8080, with no path, user or password"),
        })
    }
}

impl Serialize for LndUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RestUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, |text| match origin(text) {
            _ if text.is_empty() => Ok(Self(None)),
            Some(url) if url.scheme() == "https" => Ok(Self(Some(url))),
            _ => Err("must be like https://node.example:3010, with no path, user or password"),
        })
    }
}

impl Serialize for RestUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
