//! Opening a database of SQLite.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags};

use crate::error::Error;

/// The name of the database in the data directory.
pub(super) const FILE: &str = "facture.db";

/// How long a write waits for another process, such as one that makes a backup.
const BUSY: Duration = Duration::from_secs(5);

/// More than there are statements.
const STATEMENTS: usize = 128;

/// Opens a connection to be used by one thread at a time.
pub(super) fn open(file: &Path, flags: OpenFlags) -> Result<Connection, Error> {
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// Opens a connection that may write.
pub(super) fn open_to_write(file: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = open(file, flags)?;
    // A row in return.
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    // After an invoice was shown to a buyer, its row must survive a power cut.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}
