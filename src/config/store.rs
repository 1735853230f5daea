//! `[store]`: where our own records are.

use std::path::PathBuf;

use directories::ProjectDirs;
use serde::{Deserialize, Serialize};

/// `[store]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreConfig {
    /// The directory of the database. Empty: the platform's place for data, such as `~/.local/share/facture`.
    pub data_dir: PathBuf,
}

impl StoreConfig {
    /// The directory that was named, if one was.
    pub fn named(&self) -> Option<PathBuf> {
        (!self.data_dir.as_os_str().is_empty()).then(|| self.data_dir.clone())
    }

    /// The directory in effect; `None` where the platform names none, as for a user without a home.
    pub fn directory(&self) -> Option<PathBuf> {
        let platforms =
            || ProjectDirs::from("", "", "facture").map(|places| places.data_dir().to_owned());
        self.named().or_else(platforms)
    }
}
