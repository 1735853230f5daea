//! The file of the label key, beside the database: by it a facture knows its own invoices on a node that several share, also
//! after the database was lost. It is to be backed up.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::private;
use facture_domain::LabelKey;

/// The key in a data directory, and what is written down with it.
#[derive(Debug)]
pub struct LabelKeyFile {
    path: PathBuf,
    key: LabelKey,
    unproven_until: Mutex<Option<u64>>,
}

/// The name of the file in the data directory.
const FILE: &str = "label.key";

const HEAD: &str =
    "# By this key facture knows its own invoices on the node. Back it up, and keep it secret.\n";

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unproven_until: Option<u64>,
}

impl LabelKeyFile {
    /// Reads the key in `directory`, or makes one. The caller has the directory's lock.
    ///
    /// # Errors
    /// [`Error::LabelKey`] when there is one that cannot be used: it is never replaced.
    pub fn open(directory: &Path) -> Result<Self, Error> {
        let path = directory.join(FILE);
        let unusable = |reason: String| Error::LabelKey {
            path: path.clone(),
            reason,
        };
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                private::directory(directory)?;
                let file = Self {
                    path: path.clone(),
                    key: LabelKey::random(),
                    unproven_until: Mutex::default(),
                };
                file.write(None)
                    .map_err(|error| unusable(error.to_string()))?;
                return Ok(file);
            }
            Err(error) => return Err(unusable(error.to_string())),
        };
        private::check_owner_only(&path)?;
        // Without the line, which holds a secret.
        let file: KeyFile =
            toml::from_str(&text).map_err(|error| unusable(error.message().to_owned()))?;
        let key = LabelKey::parse(&file.key);
        Ok(Self {
            key: key.map_err(|error| unusable(format!("key {error}")))?,
            unproven_until: Mutex::new(file.unproven_until),
            path,
        })
    }

    /// The key.
    pub fn key(&self) -> &LabelKey {
        &self.key
    }

    /// Up to which place among all that the node made those with our prefix are ours although no key of ours made them:
    /// they are from before there was this key. `None`: not decided yet.
    pub fn unproven_until(&self) -> Option<u64> {
        *self
            .unproven_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Decides that, for good.
    ///
    /// # Errors
    /// [`Error::LabelKey`] when it cannot be written; then it is not decided.
    pub fn set_unproven_until(&self, number: u64) -> Result<(), Error> {
        self.write(Some(number)).map_err(|error| Error::LabelKey {
            path: self.path.clone(),
            reason: error.to_string(),
        })?;
        *self
            .unproven_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(number);
        Ok(())
    }

    /// As a whole or not at all, also after a power cut.
    fn write(&self, unproven_until: Option<u64>) -> io::Result<()> {
        let directory = self.path.parent().unwrap_or(Path::new("."));
        let file = KeyFile {
            key: self.key.expose(),
            unproven_until,
        };
        let text = toml::to_string(&file).map_err(io::Error::other)?;
        // It has the mode 0600.
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        file.write_all(HEAD.as_bytes())?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(&self.path).map_err(|error| error.error)?;
        File::open(directory)?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn it_is_made_once_is_private_and_keeps_what_was_decided() {
        let directory = tempfile::tempdir().unwrap();
        let made = LabelKeyFile::open(directory.path()).unwrap();
        assert_eq!(made.unproven_until(), None);
        made.set_unproven_until(7).unwrap();
        let again = LabelKeyFile::open(directory.path()).unwrap();
        assert_eq!(again.key().expose(), made.key().expose());
        assert_eq!(again.unproven_until(), Some(7));
        let path = directory.path().join(FILE);
        let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(), 0o600);
        let names = fs::read_dir(directory.path()).unwrap();
        assert_eq!(names.count(), 1, "nothing is left over");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let exposed = LabelKeyFile::open(directory.path()).unwrap_err();
        assert!(exposed.to_string().contains("chmod 600"), "{exposed}");
    }

    #[test]
    fn a_damaged_one_is_named_not_shown_and_not_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(FILE);
        let half = "a5".repeat(16);
        for text in ["", &format!("key = \"{half}\""), &format!("key = \"{half}")] {
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            let error = LabelKeyFile::open(directory.path())
                .unwrap_err()
                .to_string();
            assert!(error.contains(path.to_str().unwrap()), "{error}");
            assert!(!error.contains(&half), "{error}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }
}
