//! The connections' files: one each, which only the service's user can read. `facture nwc connect` and `revoke` write them while
//! the service runs.

use std::{
    fs::{self, DirBuilder},
    io::{self, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use facture_runtime::secret_file;
use secrecy::ExposeSecret;

use crate::connection::{Connection, ConnectionName};

/// Two changes in so short a time may leave a directory the same time of change.
const YOUNG: Duration = Duration::from_secs(2);

/// The connections' files.
#[derive(Clone, Debug)]
pub struct Directory {
    path: PathBuf,
}

/// What is wrong with a connection's file.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// There is one of this name.
    #[error("there is a connection {0} already")]
    Exists(ConnectionName),
    /// There is none of this name.
    #[error("there is no connection {0}")]
    Missing(ConnectionName),
    /// It cannot be read or written.
    #[error("{}: {message}", file.display())]
    Unusable {
        /// Which file.
        file: PathBuf,
        /// Why.
        message: String,
    },
}

impl Directory {
    /// That of a service, which is made if there is none.
    ///
    /// # Errors
    /// [`DirectoryError::Unusable`].
    pub fn open(state_dir: &Path) -> Result<Self, DirectoryError> {
        let path = secret_file::home(state_dir).join("connections");
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&path);
        made.map_err(|error| unusable(&path, &error))?;
        Ok(Self { path })
    }

    /// Adds a connection.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub fn add(&self, connection: &Connection) -> Result<(), DirectoryError> {
        let file = self.file(&connection.name);
        let write = || -> io::Result<tempfile::NamedTempFile> {
            let text = connection.to_toml().map_err(io::Error::other)?;
            // With mode 0600.
            let mut new = tempfile::NamedTempFile::new_in(&self.path)?;
            new.write_all(text.as_bytes())?;
            new.as_file().sync_all()?;
            Ok(new)
        };
        let new = write().map_err(|error| unusable(&file, &error))?;
        match new.persist_noclobber(&file) {
            Ok(_) => Ok(()),
            Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => {
                Err(DirectoryError::Exists(connection.name.clone()))
            }
            Err(failed) => Err(unusable(&file, &failed.error)),
        }
    }

    /// Takes a connection out: its client is not answered any more, from the next request on.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub fn revoke(&self, name: &ConnectionName) -> Result<(), DirectoryError> {
        let file = self.file(name);
        match fs::remove_file(&file) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(DirectoryError::Missing(name.clone()))
            }
            Err(error) => Err(unusable(&file, &error)),
        }
    }

    /// All connections, by name. One that cannot be read is left out, and the log says so.
    ///
    /// # Errors
    /// [`DirectoryError::Unusable`] when there is no list of them.
    pub fn list(&self) -> Result<Vec<Connection>, DirectoryError> {
        let entries = fs::read_dir(&self.path).map_err(|error| unusable(&self.path, &error))?;
        let mut connections = Vec::new();
        for entry in entries {
            let file = entry.map_err(|error| unusable(&self.path, &error))?.path();
            if file.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            match read(&file) {
                Ok(connection) => connections.push(connection),
                Err(error) => tracing::error!(%error, "a connection cannot be used"),
            }
        }
        connections.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(connections)
    }

    /// Whether there is a connection of this name.
    pub(crate) fn has(&self, name: &ConnectionName) -> bool {
        self.file(name).exists()
    }

    /// When it was changed; `None` when that is so short a time ago that one more change may not show.
    pub(crate) fn changed_at(&self) -> Option<SystemTime> {
        let changed = fs::metadata(&self.path).and_then(|about| about.modified());
        let changed = changed.ok()?;
        let age = SystemTime::now().duration_since(changed);
        age.is_ok_and(|age| age > YOUNG).then_some(changed)
    }

    fn file(&self, name: &ConnectionName) -> PathBuf {
        self.path.join(format!("{name}.toml"))
    }
}

fn read(file: &Path) -> Result<Connection, DirectoryError> {
    let text = secret_file::read_secret(file).map_err(|error| unusable(file, &error))?;
    Connection::parse(text.expose_secret()).map_err(|error| unusable(file, &error))
}

fn unusable(file: &Path, error: &dyn std::fmt::Display) -> DirectoryError {
    DirectoryError::Unusable {
        file: file.to_owned(),
        message: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::connection::{Reach, tests::connection};

    #[test]
    fn a_connection_is_there_until_it_is_revoked() {
        let state = tempfile::tempdir().unwrap();
        let directory = Directory::open(state.path()).unwrap();
        let (connection, _) = connection(Reach::All);
        directory.add(&connection).unwrap();
        let again = directory.add(&connection).unwrap_err();
        assert!(matches!(again, DirectoryError::Exists(_)), "{again}");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&directory.path), 0o700);
        assert_eq!(mode(&directory.file(&connection.name)), 0o600);
        assert_eq!(directory.list().unwrap(), std::slice::from_ref(&connection));
        assert!(directory.has(&connection.name));
        directory.revoke(&connection.name).unwrap();
        assert!(!directory.has(&connection.name));
        assert_eq!(directory.list().unwrap(), []);
        let missing = directory.revoke(&connection.name).unwrap_err();
        assert!(matches!(missing, DirectoryError::Missing(_)), "{missing}");
    }

    #[test]
    fn a_file_that_cannot_be_used_does_not_hide_the_others() {
        let state = tempfile::tempdir().unwrap();
        let directory = Directory::open(state.path()).unwrap();
        let (connection, _) = connection(Reach::Own);
        directory.add(&connection).unwrap();
        fs::write(directory.path.join("broken.toml"), "name = 1").unwrap();
        fs::write(directory.path.join("half.tmp"), "").unwrap();
        assert_eq!(directory.list().unwrap(), [connection]);
    }
}
