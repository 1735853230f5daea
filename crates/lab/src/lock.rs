//! One command at a time changes a lab.

use std::{
    fs::{File, TryLockError},
    path::Path,
    time::Duration,
};

use anyhow::Context;

use crate::command::until;

/// How long another command is waited for.
const WAIT: Duration = Duration::from_secs(2);

/// Held until dropped.
#[derive(Debug)]
pub(crate) struct Lock(#[allow(dead_code, reason = "the lock is the open file")] File);

impl Lock {
    pub(crate) const FILE: &str = "lock";

    /// Of a lab's directory. A command that was killed a moment ago may still hold it.
    pub(crate) async fn of(dir: &Path) -> anyhow::Result<Self> {
        let path = dir.join(Self::FILE);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path);
        let file = file.with_context(|| path.display().to_string())?;
        let locked = until("lock", WAIT, async || match file.try_lock() {
            Ok(()) => Ok(Some(())),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| path.display().to_string())
            }
        });
        locked.await.with_context(|| {
            format!(
                "another `facture lab up` or `down` is at work on {}",
                dir.display()
            )
        })?;
        Ok(Self(file))
    }
}
