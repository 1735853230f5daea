//! Where the ledger's changes are written down: one line of JSON each, before the change is made. It owns the file, its
//! lock and its format; what a change does to the ledger is the ledger's business.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, ErrorKind};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use crate::ledger::change::{Change, SequenceError};

/// Where changes are written.
#[derive(Debug)]
pub(super) enum Journal {
    /// Nowhere: the ledger ends with the process.
    Memory,
    /// In a file that no other process has.
    File(Lines),
    /// Nowhere any more: the node has ended, and another may have the file by now.
    Closed,
}

/// A file of whole lines, and perhaps the beginning of one that was never finished.
#[derive(Debug)]
pub(super) struct Lines {
    file: File,
    /// Where the next line goes: behind the last whole one.
    end: u64,
}

/// A change could not be written down, and has not been made.
#[derive(Debug, thiserror::Error)]
#[error("The sandbox cannot write its ledger: {0}")]
pub(super) struct Unwritten(io::Error);

/// Not by `#[from]`, which would make it a source too, and its text be said twice.
impl From<io::Error> for Unwritten {
    fn from(error: io::Error) -> Self {
        Self(error)
    }
}

impl Journal {
    /// Opens or creates the file (mode 0600) and hands over the changes that are in it.
    ///
    /// # Errors
    /// `ResourceBusy` when another node has the file, `InvalidData` when a line is damaged, and what the file system
    /// says.
    pub(super) fn open(
        path: &Path,
        mut carry_out: impl FnMut(Change) -> Result<(), SequenceError>,
    ) -> io::Result<Self> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => io::Error::new(
                ErrorKind::ResourceBusy,
                "another sandbox node keeps its ledger here",
            ),
            TryLockError::Error(error) => error,
        })?;
        let mut reader = BufReader::new(&file);
        let mut line = Vec::new();
        let mut end = 0;
        for number in 1_u64.. {
            line.clear();
            let length = reader.read_until(b'\n', &mut line)?;
            // The end, or a line whose writer was killed before it could tell anybody.
            if line.last() != Some(&b'\n') {
                break;
            }
            let damaged = |what: String| {
                io::Error::new(ErrorKind::InvalidData, format!("line {number}: {what}"))
            };
            // Without the parser's own words: it would call every line the first.
            let change = serde_json::from_slice(&line).map_err(|error| {
                damaged(format!("no record of a ledger, at byte {}", error.column()))
            })?;
            carry_out(change).map_err(|error| damaged(error.to_string()))?;
            end += u64::try_from(length).map_err(io::Error::other)?;
        }
        Ok(Self::File(Lines { file, end }))
    }

    /// Writes a change down. When this returns, it outlives the process, whatever ends it. It may not outlive the
    /// machine: that would take an fdatasync for each call, for invoices that are for play.
    ///
    /// # Errors
    /// When it was not written; what was written of it will not be read.
    pub(super) fn write(&mut self, change: &Change) -> Result<(), Unwritten> {
        match self {
            Self::Memory => Ok(()),
            Self::File(lines) => Ok(lines.write(change)?),
            Self::Closed => Err(io::Error::other("the node has ended").into()),
        }
    }

    /// Lets another node have the file; what is in memory only may go on.
    pub(super) fn close(&mut self) {
        if let Self::File(lines) = self {
            // A process that is being started may have the descriptor for a moment yet, and the lock with it. If it
            // cannot be unlocked, closing it does.
            drop(lines.file.unlock());
            *self = Self::Closed;
        }
    }
}

impl Lines {
    fn write(&mut self, change: &Change) -> io::Result<()> {
        let mut line = serde_json::to_vec(change)?;
        line.push(b'\n');
        let length = u64::try_from(line.len()).map_err(io::Error::other)?;
        // One call of the system, newline last. If only a part was written, the next line goes over it; what then
        // still stands of it has no newline, and is never read.
        self.file.write_all_at(&line, self.end)?;
        self.end += length;
        Ok(())
    }
}

#[cfg(test)]
impl Journal {
    /// A journal that can be read only.
    pub(super) fn unwritable(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        Ok(Self::File(Lines { file, end: 0 }))
    }
}
