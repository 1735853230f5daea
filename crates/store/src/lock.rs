//! Who may use a data directory: one process at a time, a server or a command. Commands ask a server that runs
//! (`src/control`). So there is one writer and one cache, and nothing is written behind their back.

use std::{
    fs::{File, OpenOptions, TryLockError},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use crate::{error::Error, private};

/// The lock of a data directory. It is held until it is dropped, or its process ends in whatever way.
#[derive(Debug)]
pub struct Lock {
    file: File,
    directory: PathBuf,
}

/// The name of the file that is locked.
const FILE: &str = "facture.lock";

impl Lock {
    /// Takes the directory for this process, and makes it if it is missing.
    ///
    /// # Errors
    /// [`Error::InUse`] when another process has it, or another store of this one. [`Error::Open`] when it cannot be
    /// used.
    pub fn take(directory: &Path) -> Result<Self, Error> {
        let failed = |error| Error::Open {
            directory: directory.to_owned(),
            source: Box::new(error),
        };
        let file = open(directory).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self {
                file,
                directory: directory.to_owned(),
            }),
            Err(TryLockError::WouldBlock) => Err(Error::InUse {
                directory: directory.to_owned(),
            }),
            Err(TryLockError::Error(error)) => Err(failed(error.into())),
        }
    }

    /// The directory that is locked.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The file of the lock.
    pub fn path(&self) -> PathBuf {
        self.directory.join(FILE)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A child process may hold a copy of the descriptor: closing ours would not be enough.
        let _ = self.file.unlock();
    }
}

fn open(directory: &Path) -> Result<File, Error> {
    private::directory(directory)?;
    Ok(OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(directory.join(FILE))?)
}
