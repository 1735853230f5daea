//! `[store]`: where our own records are.
//!
//! The address of a database may have a password in it: it is never printed.

use std::path::PathBuf;

use directories::ProjectDirs;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, de};

use super::number::Bounded;

/// `[store]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreConfig {
    /// The directory of the database. Empty: the platform's place for data, such as `~/.local/share/facture`.
    pub data_dir: PathBuf,
    /// The address of a database of PostgreSQL that has the records instead. Never printed.
    #[serde(skip_serializing)]
    pub url: ConfiguredDatabase,
    /// How many days old the last backup may be, for `facture doctor`. 0: that is not looked at.
    pub backup_max_age_days: Bounded<0, 3650>,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::new(),
            url: ConfiguredDatabase::default(),
            backup_max_age_days: Bounded::new(7),
        }
    }
}

/// The address of a database, or none. Never seen in `Debug`, logs or errors.
#[derive(Clone, Debug, Default)]
pub struct ConfiguredDatabase(Option<SecretString>);

impl ConfiguredDatabase {
    /// The address, if there is one.
    pub fn get(&self) -> Option<&SecretString> {
        self.0.as_ref()
    }
}

impl PartialEq for ConfiguredDatabase {
    fn eq(&self, other: &Self) -> bool {
        let exposed = |url: &Self| url.0.as_ref().map(|url| url.expose_secret().to_owned());
        exposed(self) == exposed(other)
    }
}

impl<'de> Deserialize<'de> for ConfiguredDatabase {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let is_known = ["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| text.starts_with(scheme));
        match text.as_str() {
            "" => Ok(Self(None)),
            _ if is_known => Ok(Self(Some(text.into()))),
            // Without the text: it may have a password.
            _ => Err(de::Error::custom(
                "must be the address of a database, such as postgres://user@host/database",
            )),
        }
    }
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
