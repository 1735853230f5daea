//! What was answered, and the keys that it sets.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use toml::Value;

/// How the node is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NodeAnswer {
    /// lightningd by its socket.
    Socket(PathBuf),
    /// lightningd by clnrest.
    Rest {
        url: String,
        rune_file: PathBuf,
        ca_file: Option<PathBuf>,
    },
    /// LND by its REST interface.
    Lnd {
        url: String,
        tls_cert_file: PathBuf,
        macaroon_file: PathBuf,
    },
}

/// Whether the shop's people have a desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DeskAnswer {
    On,
    Off,
}

/// All answers.
#[derive(Clone, Debug)]
pub(super) struct Answers {
    pub(super) node: NodeAnswer,
    /// Empty: there is none.
    pub(super) public_url: String,
    /// Empty: the default.
    pub(super) name: String,
    pub(super) desk: DeskAnswer,
    pub(super) data_dir: Option<PathBuf>,
}

/// A key and its value.
#[derive(Debug)]
pub(super) struct Setting {
    pub(super) section: &'static str,
    pub(super) key: &'static str,
    pub(super) value: Value,
}

impl Answers {
    /// With this node, and all else at its default.
    pub(super) fn of_node(node: NodeAnswer) -> Self {
        Self {
            node,
            public_url: String::new(),
            name: String::new(),
            desk: DeskAnswer::Off,
            data_dir: None,
        }
    }

    /// The keys that are not at their defaults, section by section.
    pub(super) fn settings(&self) -> Vec<Setting> {
        let mut settings = Vec::new();
        let mut set = |section, key, value: Value| {
            settings.push(Setting {
                section,
                key,
                value,
            });
        };
        if !self.public_url.is_empty() {
            set("server", "public_url", self.public_url.as_str().into());
        }
        if self.is_behind_proxy() {
            set("server", "trusted_proxies", vec!["127.0.0.1"].into());
        }
        for (key, value) in self.node.keys() {
            set("node", key, value);
        }
        if let Some(data_dir) = &self.data_dir {
            set("store", "data_dir", path(data_dir));
        }
        if self.is_onion() {
            // All visitors come from this machine (docs/install.md).
            for key in [
                "invoices_per_client_per_minute",
                "connections_per_client",
                "streams_per_client",
            ] {
                set("limits", key, Value::Integer(0));
            }
        }
        if !self.name.is_empty() {
            set("site", "name", self.name.as_str().into());
        }
        if self.desk == DeskAnswer::On {
            set("desk", "enabled", Value::Boolean(true));
        }
        settings
    }

    /// Whether a proxy with TLS is in front, on this machine as far as we know.
    pub(super) fn is_behind_proxy(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    fn is_onion(&self) -> bool {
        self.public_url.trim_end_matches('/').ends_with(".onion")
    }
}

impl NodeAnswer {
    fn keys(&self) -> Vec<(&'static str, Value)> {
        match self {
            Self::Socket(rpc_file) => vec![("rpc_file", path(rpc_file))],
            Self::Rest {
                url,
                rune_file,
                ca_file,
            } => {
                let mut keys = vec![
                    ("rest_url", url.as_str().into()),
                    ("rune_file", path(rune_file)),
                ];
                keys.extend(ca_file.as_deref().map(|file| ("ca_file", path(file))));
                keys
            }
            Self::Lnd {
                url,
                tls_cert_file,
                macaroon_file,
            } => vec![
                ("kind", "lnd".into()),
                ("lnd_url", url.as_str().into()),
                ("tls_cert_file", path(tls_cert_file)),
                ("macaroon_file", path(macaroon_file)),
            ],
        }
    }
}

/// The path as the server will find it, wherever it is started. `~/` stays: it is the server's home directory.
pub(super) fn absolute(path: &Path) -> PathBuf {
    match path.starts_with("~") {
        true => path.to_owned(),
        false => std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
    }
}

/// Paths that are not UTF-8 cannot stand in a TOML file; what replaces them is not found when it is tried.
fn path(path: &Path) -> Value {
    path.to_string_lossy().as_ref().into()
}

impl fmt::Display for NodeAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(rpc_file) => write!(f, "lightningd at {}", rpc_file.display()),
            Self::Rest { url, .. } => write!(f, "lightningd by clnrest at {url}"),
            Self::Lnd { url, .. } => write!(f, "LND at {url}"),
        }
    }
}
