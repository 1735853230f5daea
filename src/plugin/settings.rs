//! The plugin's options in lightningd's configuration, and what follows from them.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow};
use cln_plugin::{ConfiguredPlugin, options::StringConfigOption};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::{cli::ConfigSource, config::Config};
use facture_runtime::guard::AllowedAddresses;

/// Reads facture's configuration from a file, the environment and flags.
pub type LoadConfig = fn(&ConfigSource) -> anyhow::Result<Config>;

/// lightningd sets this variable for its plugins.
pub(super) const CALLED_BY_LIGHTNINGD: &str = "LIGHTNINGD_PLUGIN";

pub(super) const LISTEN: StringConfigOption = StringConfigOption::new_str_no_default(
    "facture-listen",
    "Address and port of facture's pages and API; overrides facture's configuration, whose default is 127.0.0.1:9112",
);

pub(super) const DATA_DIR: StringConfigOption = StringConfigOption::new_str_no_default(
    "facture-data-dir",
    "Directory of facture's records; the default is facture's configuration, or else facture/ in lightningd's directory of the network",
);

pub(super) const CONFIG: StringConfigOption =
    StringConfigOption::new_str_no_default("facture-config", "facture's configuration file (TOML)");

/// What the plugin works with. All paths are absolute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Settings {
    /// lightningd's socket.
    pub(super) rpc_file: PathBuf,
    pub(super) data_dir: PathBuf,
    pub(super) config: Option<PathBuf>,
    /// `None`: as the configuration says.
    pub(super) listen: Option<SocketAddr>,
    /// Which shops `facture-getword` may ask.
    pub(super) allowed: AllowedAddresses,
}

/// The options as they were given.
#[derive(Debug, Default)]
struct Given {
    listen: Option<String>,
    data_dir: Option<String>,
    config: Option<String>,
}

impl Settings {
    /// Reads them, and tries facture's configuration.
    ///
    /// # Errors
    /// What is wrong, with the option's name or the configuration's key.
    pub(super) fn read<S, I, O>(
        plugin: &ConfiguredPlugin<S, I, O>,
        load: LoadConfig,
    ) -> anyhow::Result<Self>
    where
        S: Clone + Send + Sync + 'static,
        I: AsyncRead + Send + Unpin + 'static,
        O: AsyncWrite + Send + Unpin + 'static,
    {
        let node = plugin.configuration();
        let given = Given {
            listen: plugin.option(&LISTEN)?,
            data_dir: plugin.option(&DATA_DIR)?,
            config: plugin.option(&CONFIG)?,
        };
        // It has the network in it.
        let lightning_dir = Path::new(&node.lightning_dir);
        Self::resolve(given, lightning_dir, &node.rpc_file, load)
    }

    fn resolve(
        given: Given,
        lightning_dir: &Path,
        rpc_file: &str,
        load: LoadConfig,
    ) -> anyhow::Result<Self> {
        let listen = given.listen.map(|text| {
            text.parse().map_err(|_| {
                anyhow!(
                    "facture-listen must be an IP address and a port, such as 127.0.0.1:9112, not {text}"
                )
            })
        });
        let config = given.config.map(|file| lightning_dir.join(file));
        let source = ConfigSource {
            config: config.clone(),
            data_dir: None,
        };
        let loaded = load(&source).context("facture's configuration")?;
        let data_dir = match (given.data_dir, loaded.store.named()) {
            (Some(option), _) => PathBuf::from(option),
            (None, Some(configured)) => configured,
            (None, None) => PathBuf::from("facture"),
        };
        Ok(Self {
            rpc_file: lightning_dir.join(rpc_file),
            data_dir: lightning_dir.join(data_dir),
            config,
            listen: listen.transpose()?,
            allowed: match loaded.plugin.getword_allow_private {
                true => AllowedAddresses::Any,
                false => AllowedAddresses::Public,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn load(source: &ConfigSource) -> anyhow::Result<Config> {
        Ok(Config::load(source.config.as_deref(), HashMap::new())?)
    }

    fn resolve(given: Given) -> anyhow::Result<Settings> {
        let lightning_dir = Path::new("/home/node/.lightning/regtest");
        Settings::resolve(given, lightning_dir, "lightning-rpc", load)
    }

    #[test]
    fn paths_are_within_lightningds_directory_unless_they_are_absolute() {
        let settings = resolve(Given::default()).unwrap();
        let within = |path| Path::new("/home/node/.lightning/regtest").join(path);
        assert_eq!(settings.rpc_file, within("lightning-rpc"));
        assert_eq!(settings.data_dir, within("facture"));
        assert_eq!((settings.config, settings.listen), (None, None));

        let data_dir = |path: &str| {
            let given = Given {
                data_dir: Some(path.to_owned()),
                ..Given::default()
            };
            resolve(given).unwrap().data_dir
        };
        assert_eq!(data_dir("shop"), within("shop"));
        assert_eq!(data_dir("/srv/shop"), Path::new("/srv/shop"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let listen = resolve(Given {
            listen: Some("9112".to_owned()),
            ..Given::default()
        });
        let listen = format!("{:#}", listen.unwrap_err());
        assert!(listen.starts_with("facture-listen must be"), "{listen}");
        let config = resolve(Given {
            config: Some("missing.toml".to_owned()),
            ..Given::default()
        });
        let config = format!("{:#}", config.unwrap_err());
        assert!(config.contains("regtest/missing.toml"), "{config}");
    }
}
