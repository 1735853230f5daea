//! Where the parts of a backup lie while it is made or opened: `.backup` in the data directory, so that what is secret there
//! is on no other disk. It is locked: one process at a time.

use std::{
    fs::{self, DirBuilder, File, TryLockError},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use crate::error::BackupError;

/// The directory, until it is dropped.
pub(crate) struct Staging {
    path: PathBuf,
    _lock: File,
}

/// Its name in the data directory.
const NAME: &str = ".backup";

impl Staging {
    /// Makes the directory. What a process left there that was killed is removed.
    ///
    /// # Errors
    /// [`BackupError::Busy`], [`BackupError::Io`].
    pub(crate) fn take(data_dir: &Path) -> Result<Self, BackupError> {
        let path = data_dir.join(NAME);
        let lock = lock(&path).map_err(BackupError::io(&path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(BackupError::Busy(data_dir.to_owned())),
            Err(TryLockError::Error(error)) => return Err(BackupError::io(path)(error)),
        }
        clear(&path).map_err(BackupError::io(&path))?;
        Ok(Self { path, _lock: lock })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // What stays is removed by the next one.
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn lock(path: &Path) -> io::Result<File> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    File::open(path)
}

fn clear(path: &Path) -> io::Result<()> {
    for file in fs::read_dir(path)? {
        fs::remove_file(file?.path())?;
    }
    Ok(())
}
