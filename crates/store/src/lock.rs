//! Who may use a data directory: one process at a time, a server or a command. Commands ask a server that runs
//! (`src/control`), so nothing writes behind its back; and one process at a time makes the tables.

use std::{
    fs::{File, OpenOptions, TryLockError},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use crate::error::Error;
use crate::private;

/// A lock that is held until it is dropped, or its process ends in whatever way.
#[derive(Debug)]
pub struct Lock(File);

const SERVER: &str = "facture.lock";
const TABLES: &str = "facture.db.lock";

impl Lock {
    /// Takes the directory for this process.
    ///
    /// # Errors
    /// [`Error::InUse`] when another process has it.
    pub fn take(directory: &Path) -> Result<Self, Error> {
        let failed = |error| Error::Open {
            directory: directory.to_owned(),
            source: Box::new(error),
        };
        let file = open(directory, SERVER).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(Error::InUse {
                directory: directory.to_owned(),
            }),
            Err(TryLockError::Error(error)) => Err(failed(error.into())),
        }
    }

    /// Waits for the right to make the tables.
    pub(super) fn wait(directory: &Path) -> Result<Self, Error> {
        let file = open(directory, TABLES)?;
        file.lock()?;
        Ok(Self(file))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A child process may hold a copy of the descriptor: closing ours would not be enough.
        let _ = self.0.unlock();
    }
}

fn open(directory: &Path, name: &str) -> Result<File, Error> {
    private::directory(directory)?;
    Ok(OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(directory.join(name))?)
}
