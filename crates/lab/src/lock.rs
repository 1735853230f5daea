//! One command at a time changes a lab.

use std::{
    fs::{File, TryLockError},
    path::Path,
};

use anyhow::{Context, bail};

/// Held until dropped.
#[derive(Debug)]
pub(crate) struct Lock(#[allow(dead_code, reason = "the lock is the open file")] File);

impl Lock {
    pub(crate) const FILE: &str = "lock";

    pub(crate) fn of(dir: &Path) -> anyhow::Result<Self> {
        let path = dir.join(Self::FILE);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path);
        let file = file.with_context(|| path.display().to_string())?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => bail!(
                "another `facture lab up` or `down` is at work on {}",
                dir.display()
            ),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| path.display().to_string())
            }
        }
    }
}
