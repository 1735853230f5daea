//! The payer's journal: append-only lines of JSON, each with the hash of the line before it, written through to the disk
//! before a call that spends is sent. One process has it at a time.
//!
//! The chain shows that a line was changed, or that one within it is missing. It does not show that the newest lines were
//! cut off, nor that the whole file was written anew by somebody who may write it: the hash of the last line, kept
//! elsewhere (`facture payer journal verify` prints it), does.

mod chain;
mod entry;
mod fields;
mod ledger;

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, BufReader, ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use facture_domain::payout::PayerId;
use jiff::Timestamp;

pub use self::{
    chain::{ChainError, Tip},
    entry::{AmountBy, Approval, Begun, Entry, Line},
    ledger::{Ledger, Progress, Record, SequenceError},
};

/// The journal's file in the payer's directory.
const JOURNAL: &str = "journal.jsonl";

/// The file with the payer's id.
const PAYER: &str = "payer-id";

/// The journal, open and locked.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    tip: Tip,
    ledger: Ledger,
    payer: PayerId,
    health: Health,
}

/// Whether what is written is on the disk. After one failure nobody can tell any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Health {
    Sound,
    Failed,
}

/// Why the journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another payer has it.
    #[error("another payer is using {}", .0.display())]
    Locked(PathBuf),
    /// The journal is gone, and with it what the limits count.
    #[error(
        "{} is missing, and this payer has one: put it back. Without it nobody knows what was spent",
        .0.display()
    )]
    Missing(PathBuf),
    /// It was changed.
    #[error("{}: {error}", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: ChainError,
    },
    /// It cannot be read or written.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: io::Error,
    },
    /// An entry that cannot follow those before it: a bug.
    #[error("an entry that does not fit: {0}")]
    Sequence(#[from] SequenceError),
    /// It could not be written before: what is on the disk is not known.
    #[error("{} could not be written before: start the payer again", .0.display())]
    Unsound(PathBuf),
}

impl Journal {
    /// Opens the journal in this directory and locks it. Both are made when they are not there, for their owner alone.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn open(directory: &Path, now: Timestamp) -> Result<Self, JournalError> {
        let path = directory.join(JOURNAL);
        let failed = |error| JournalError::Io {
            path: path.clone(),
            error,
        };
        let made = DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory);
        made.map_err(failed)?;
        let known = known_payer(directory).map_err(failed)?;
        if known.is_some() && !path.exists() {
            return Err(JournalError::Missing(path));
        }
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&path)
            .map_err(failed)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => JournalError::Locked(path.clone()),
            TryLockError::Error(error) => failed(error),
        })?;
        let read = chain::read(BufReader::new(&file), |_| ());
        let (ledger, tip) = read.map_err(|error| JournalError::Broken {
            path: path.clone(),
            error,
        })?;
        // A line that was never finished: nothing was done after it.
        file.set_len(tip.bytes)
            .and_then(|()| file.sync_all())
            .map_err(failed)?;
        let payer = ledger.payer().cloned().or(known);
        let payer = payer.unwrap_or_else(PayerId::random);
        let mut journal = Self {
            path: path.clone(),
            file,
            tip,
            ledger,
            payer,
            health: Health::Sound,
        };
        if journal.ledger.payer().is_none() {
            let payer = journal.payer.clone();
            journal.append(now, Entry::Opened { payer })?;
        }
        journal.keep_payer(directory).map_err(failed)?;
        Ok(journal)
    }

    /// The payer's id: drawn when the journal was begun.
    pub fn payer(&self) -> &PayerId {
        &self.payer
    }

    /// What the entries add up to.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Writes an entry. When this returns, it is on the disk.
    ///
    /// # Errors
    /// [`JournalError::Sequence`] and nothing is written; [`JournalError::Io`] and nothing can be written any more: what is
    /// on the disk is not known then.
    pub fn append(&mut self, at: Timestamp, entry: Entry) -> Result<(), JournalError> {
        if self.health == Health::Failed {
            return Err(JournalError::Unsound(self.path.clone()));
        }
        self.ledger.check(&entry)?;
        let line = Line {
            n: self.tip.lines + 1,
            at,
            prev: self.tip.hash.clone(),
            entry,
        };
        let written = self.write(&line);
        let tip = written.map_err(|error| {
            self.health = Health::Failed;
            JournalError::Io {
                path: self.path.clone(),
                error,
            }
        })?;
        self.tip = tip;
        self.ledger.apply(at, &line.entry)?;
        Ok(())
    }

    fn write(&mut self, line: &Line) -> io::Result<Tip> {
        let mut text = serde_json::to_vec(line)?;
        let tip = self.tip.after(&text);
        text.push(b'\n');
        self.file.write_all(&text)?;
        self.file.sync_data()?;
        Ok(tip)
    }

    fn keep_payer(&self, directory: &Path) -> io::Result<()> {
        let path = directory.join(PAYER);
        if !path.exists() {
            write_private(&path, self.payer.as_str())?;
        }
        // The names of both files.
        File::open(directory)?.sync_all()
    }
}

/// Reads and checks the journal of a payer that may be running.
///
/// # Errors
/// [`JournalError`] when it cannot be read or was changed.
pub fn read(directory: &Path, each: impl FnMut(&Line)) -> Result<(Ledger, Tip), JournalError> {
    let path = directory.join(JOURNAL);
    let file = File::open(&path).map_err(|error| JournalError::Io {
        path: path.clone(),
        error,
    })?;
    chain::read(BufReader::new(file), each).map_err(|error| JournalError::Broken { path, error })
}

fn known_payer(directory: &Path) -> io::Result<Option<PayerId>> {
    match fs::read_to_string(directory.join(PAYER)) {
        Ok(text) => PayerId::parse(text.trim())
            .map(Some)
            .ok_or_else(|| io::Error::other(format!("{PAYER} holds no payer's id"))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes a file for its owner alone: it is there whole, or not at all.
pub(crate) fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&unfinished, path)
}

#[cfg(test)]
mod tests;
