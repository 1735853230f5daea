//! Taking down a lab: exactly its own programs are stopped, exactly its own files removed.

use std::{fs, io, path::Path};

use anyhow::Context;

use crate::{
    lab::{Lab, Progress},
    lock::Lock,
    process::Record,
    state::{Name, State},
};

/// What [`Lab::down`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// There is no lab there.
    NoLab,
    /// These programs were stopped.
    Programs(Vec<Name>),
}

impl Lab {
    /// Stops what runs in a directory's lab, nodes before their chain, and removes the lab's files unless they are to be
    /// kept for the next [`Lab::up`].
    ///
    /// # Errors
    /// That something does not stop.
    pub async fn down(dir: &Path, keep: bool, progress: &dyn Progress) -> anyhow::Result<Stopped> {
        // Whatever is in the state: what runs is known from the records.
        if !State::file(dir).exists() {
            return Ok(Stopped::NoLab);
        }
        let dir = dir.canonicalize()?;
        let _lock = Lock::of(&dir).await?;
        let mut stopped = Vec::new();
        for name in Name::ALL {
            let record = Record::of(&dir, name.name());
            if record.running()?.is_some() {
                progress.step(&format!("Stopping {}", name.name()));
                stopped.push(name);
            }
            let stopping = record.stop().await;
            stopping.with_context(|| format!("stopping {}", name.name()))?;
        }
        if !keep {
            remove(&dir)?;
        }
        Ok(Stopped::Programs(stopped))
    }
}

/// Removes what a lab has made, and the directory if nothing else is in it.
fn remove(dir: &Path) -> anyhow::Result<()> {
    for name in ["alice", "bob", "bitcoin", "facture", "holds"] {
        gone(fs::remove_dir_all(dir.join(name)))?;
    }
    for name in Name::ALL {
        gone(fs::remove_file(dir.join(format!("{}.log", name.name()))))?;
    }
    gone(fs::remove_file(dir.join("facture.toml")))?;
    // Without it there is no lab: last.
    gone(fs::remove_file(State::file(dir)))?;
    gone(fs::remove_file(dir.join(Lock::FILE)))?;
    match fs::remove_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
        removed => gone(removed),
    }
}

/// What is gone already is fine.
fn gone(removed: io::Result<()>) -> anyhow::Result<()> {
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
