//! Why there is no backup, or no way back from one.

use std::{io, path::PathBuf};

/// Why a backup was not made, or cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The records.
    #[error(transparent)]
    Store(#[from] facture_store::Error),
    /// A file or a directory cannot be used.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// What it is to be written to does not take it.
    #[error("cannot write the backup: {0}")]
    Write(io::Error),
    /// There is a file of that name.
    #[error("{} is there already: a backup overwrites nothing", .0.display())]
    Exists(PathBuf),
    /// Another process is at it.
    #[error("another backup of {} is being made", .0.display())]
    Busy(PathBuf),
    /// It cannot be encrypted for these.
    #[error("cannot encrypt: {0}")]
    Encryption(String),
    /// What was read again is not what was written.
    #[error("what was written to {} is not what is there now: the disk cannot be relied on", .0.display())]
    Unreliable(PathBuf),
    /// It begins like nothing that a backup begins with.
    #[error("it is no backup of facture")]
    NotABackup,
    /// It was made by a later version.
    #[error("it was made by a newer facture ({0}): use that one")]
    Newer(String),
    /// It is encrypted with a passphrase, and none was given.
    #[error("it is encrypted with a passphrase: name the file that has it with --passphrase-file")]
    NeedsPassphrase,
    /// It is encrypted for recipients, and no identity was given.
    #[error("it is encrypted for an age recipient: name the file of the identity with --identity")]
    NeedsIdentity,
    /// It is encrypted, and this program cannot decrypt.
    #[error(
        "it is encrypted with age, which this facture was built without: decrypt it with `age --decrypt` first"
    )]
    NoAge,
    /// The key or the passphrase is another one's.
    #[error("what was given does not open it: it is for another key, or the passphrase is wrong")]
    WrongKey,
    /// It ends too early.
    #[error("it ends too early, within {part}: it was cut off")]
    Truncated {
        /// Where.
        part: &'static str,
    },
    /// It was changed.
    #[error("it is damaged, within {part}: {reason}")]
    Damaged {
        /// Where.
        part: &'static str,
        /// How that is known.
        reason: String,
    },
    /// There are records where it is to be restored.
    #[error(
        "there are records in {} already ({name}): name an empty directory with --data-dir, or move them away first",
        directory.display()
    )]
    Occupied {
        /// The data directory.
        directory: PathBuf,
        /// A file that is there.
        name: String,
    },
}

impl BackupError {
    /// An error of this file or directory.
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    /// A backup cannot be read on, within this part of it.
    pub(crate) fn reading(part: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Truncated { part },
            _ => Self::damaged(part, error),
        }
    }

    pub(crate) fn damaged(part: &'static str, reason: impl ToString) -> Self {
        Self::Damaged {
            part,
            reason: reason.to_string(),
        }
    }
}
