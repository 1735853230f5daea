//! The directory that a node is kept in: its key and its ledger. One process has it at a time, from `open` until the
//! books are closed.

use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use super::bolt11::NodeKey;
use super::books::Books;
use super::ledger::Index;
use super::private_file;

/// The node's secret key in hexadecimal; mode 0600.
const KEY: &str = "sandbox-key";

/// What happened to the ledger; mode 0600.
const LEDGER: &str = "sandbox-ledger.jsonl";

/// The key and the ledger in a directory; what is not there is made (a directory of mode 0700).
///
/// # Errors
/// `ResourceBusy` when another node has it, `InvalidData` when a file is damaged or the key is missing, and what the
/// file system says; all with the file's name.
pub(super) fn open(directory: &Path) -> io::Result<(NodeKey, Books)> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .map_err(|error| about(directory, &error))?;
    // First, because it comes with the lock.
    let ledger = directory.join(LEDGER);
    let books = Books::open(&ledger).map_err(|error| about(&ledger, &error))?;
    let path = directory.join(KEY);
    let key = key(&path, &books).map_err(|error| about(&path, &error))?;
    Ok((key, books))
}

fn key(path: &Path, books: &Books) -> io::Result<NodeKey> {
    let invalid = |what| io::Error::new(ErrorKind::InvalidData, what);
    match fs::read_to_string(path) {
        Ok(text) => NodeKey::from_hex(text.trim_end()).map_err(|_| invalid("no secret key")),
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        // Nobody could pay these invoices any more.
        Err(_) if books.ledger().index(Index::Created) > 0 => {
            Err(invalid("the key of the ledger beside it is missing"))
        }
        Err(_) => {
            let key = NodeKey::random();
            private_file::write(path, format!("{}\n", key.to_hex()).as_bytes())?;
            Ok(key)
        }
    }
}

fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
