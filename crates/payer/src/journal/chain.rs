//! The file as text: whole lines, their numbers and hashes. What they mean is the ledger's.

use std::io::{self, BufRead};

use sha2::{Digest, Sha256};

use super::{
    entry::Line,
    ledger::{Ledger, SequenceError},
};

/// Why a journal cannot be read on.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// The file cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A line is not what it was when it was written, or one is missing.
    #[error("line {line}: {reason}")]
    Broken {
        /// The number of the line in the file, from 1 on.
        line: u64,
        /// What is wrong.
        reason: String,
    },
}

/// Where a chain of lines ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tip {
    /// How many lines there are.
    pub lines: u64,
    /// SHA-256 of the last one, in hexadecimal; zeros when there is none.
    pub hash: String,
    /// How many bytes they have, their ends included.
    pub bytes: u64,
}

impl Tip {
    /// Of an empty file.
    pub(super) fn start() -> Self {
        Self {
            lines: 0,
            hash: "0".repeat(64),
            bytes: 0,
        }
    }

    /// The end after one more line, which has no line's end yet.
    pub(super) fn after(&self, line: &[u8]) -> Self {
        let length = u64::try_from(line.len()).unwrap_or(u64::MAX);
        Self {
            lines: self.lines + 1,
            hash: hex::encode(Sha256::digest(line)),
            bytes: self.bytes.saturating_add(length).saturating_add(1),
        }
    }
}

/// Reads a journal to its end and checks it: numbers, hashes, and that each entry can follow those before it. A last line
/// without its end was never finished: it is left out.
pub(super) fn read(
    mut file: impl BufRead,
    mut each: impl FnMut(&Line),
) -> Result<(Ledger, Tip), ChainError> {
    let mut ledger = Ledger::default();
    let mut tip = Tip::start();
    let mut text = Vec::new();
    loop {
        text.clear();
        file.read_until(b'\n', &mut text)?;
        if text.pop() != Some(b'\n') {
            return Ok((ledger, tip));
        }
        let number = tip.lines + 1;
        let broken = |reason: String| ChainError::Broken {
            line: number,
            reason,
        };
        let line: Line = serde_json::from_slice(&text)
            .map_err(|error| broken(format!("it cannot be read: {error}")))?;
        if line.n != number {
            return Err(broken(format!("it says that it is number {}", line.n)));
        }
        if line.prev != tip.hash {
            return Err(broken(
                "the line before it is not the one it was written after".to_owned(),
            ));
        }
        let applied = ledger.apply(line.at, &line.entry);
        applied.map_err(|SequenceError(reason)| broken(reason.to_owned()))?;
        tip = tip.after(&text);
        each(&line);
    }
}
