//! A copy of the database as it is at one moment, also while a server writes to it.
//!
//! SQLite's online backup copies the pages of one read transaction. Writers are not kept waiting, and what they commit
//! meanwhile is not in the copy. (`VACUUM INTO` reads in the same way, but builds every table anew: more work for the
//! processor, and the same file only by its content.)
//!
//! What could harm a server is watched from step to step. While the copy is read, SQLite's log cannot start over, so it
//! grows; and the copy takes room. If one of them goes too far the copy is given up: the server is worth more.

use std::{
    fs::{self, OpenOptions},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use rusqlite::{
    Connection, OpenFlags,
    backup::{Backup, StepResult},
};

use crate::{connection, error::Error};

/// The pages of 4 KiB that are copied before the limits are looked at again.
const PAGES_PER_STEP: i32 = 2_000;

/// So much may the log grow, in bytes, while a copy is made.
const MAX_WAL_GROWTH: u64 = 1 << 30;

/// So many bytes stay free on the disk of the copy.
const MIN_FREE: u64 = 64 << 20;

/// How long SQLite waits where the database is locked for a moment.
const MAX_BUSY_STEPS: u32 = 3;

/// Copies the database of `source`, as it is now, into a new file that its owner alone may read. The copy is on the disk
/// when this returns, and is one file without a log.
///
/// # Errors
/// [`Error::NoRoom`] and [`Error::LogTooLong`]: it was given up. [`Error`] when one of the two files cannot be used. The new
/// file may be there in part.
pub(super) fn copy(source: &Connection, to: &Path) -> Result<(), Error> {
    let file = OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(to)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut target = connection::open(to, flags)?;
    copy_pages(source, &mut target, &Limits::of(source, to))?;
    // The header of a database with a log was copied, too.
    target.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    target.close().map_err(|(_, error)| error)?;
    Ok(file.sync_all()?)
}

fn copy_pages(source: &Connection, target: &mut Connection, limits: &Limits) -> Result<(), Error> {
    // All steps read the same state: otherwise the copy would begin again with every commit.
    let reading = source.unchecked_transaction()?;
    reading.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    let backup = Backup::new(&reading, target)?;
    let mut busy = 0;
    loop {
        limits.check()?;
        match backup.step(PAGES_PER_STEP)? {
            StepResult::Done => return Ok(()),
            StepResult::More => busy = 0,
            // Each of these has waited for as long as a connection waits.
            _ if busy < MAX_BUSY_STEPS => busy += 1,
            _ => return Err(Error::Locked),
        }
    }
}

/// What a copy must not exceed.
struct Limits {
    log: PathBuf,
    log_at_first: u64,
    /// Where the copy is.
    place: PathBuf,
}

impl Limits {
    fn of(source: &Connection, to: &Path) -> Self {
        let log = PathBuf::from(format!("{}-wal", source.path().unwrap_or_default()));
        Self {
            log_at_first: length(&log),
            log,
            place: to.parent().unwrap_or(Path::new(".")).to_owned(),
        }
    }

    fn check(&self) -> Result<(), Error> {
        check_room(&self.place, 0)?;
        match length(&self.log).saturating_sub(self.log_at_first) > MAX_WAL_GROWTH {
            true => Err(Error::LogTooLong),
            false => Ok(()),
        }
    }
}

/// 0 where there is none.
fn length(file: &Path) -> u64 {
    fs::metadata(file).map_or(0, |file| file.len())
}

/// Refuses what would leave too little room in a directory, once so many bytes more are written there.
///
/// # Errors
/// [`Error::NoRoom`].
pub fn check_room(directory: &Path, more: u64) -> Result<(), Error> {
    let disk = rustix::fs::statvfs(directory).map_err(std::io::Error::from)?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    match free < more.saturating_add(MIN_FREE) {
        true => Err(Error::NoRoom {
            directory: directory.to_owned(),
        }),
        false => Ok(()),
    }
}
