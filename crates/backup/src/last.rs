//! What a data directory knows of its last backup: `last-backup.json`. It is not in a backup.

use std::{
    fs::{self, Permissions},
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tempfile::Builder;

/// The last backup of a data directory.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct LastBackup {
    /// The moment that the records in it are from.
    pub created_at: Timestamp,
    /// Where it was written, as people read it.
    pub place: String,
}

/// Its name in the data directory.
const NAME: &str = "last-backup.json";

impl LastBackup {
    /// The last one of this directory; `None`: there was none.
    ///
    /// # Errors
    /// When that cannot be read.
    pub fn of(data_dir: &Path) -> io::Result<Option<Self>> {
        match fs::read(data_dir.join(NAME)) {
            Ok(text) => Ok(Some(serde_json::from_slice(&text)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Notes that there is this one. Who reads meanwhile finds it, or the one before.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn note(&self, data_dir: &Path) -> io::Result<()> {
        // Made by root, it is for the owner of the directory, too, which nobody else can enter.
        let mut file = Builder::new()
            .permissions(Permissions::from_mode(0o644))
            .tempfile_in(data_dir)?;
        file.write_all(&serde_json::to_vec(self)?)?;
        file.as_file().sync_all()?;
        file.persist(data_dir.join(NAME))?;
        Ok(())
    }
}
