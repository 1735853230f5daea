//! Copies of the records for a backup, and the check of one.

use std::path::Path;

use rusqlite::OpenFlags;

use crate::{
    connection,
    contents::{self, RecordsContents},
    error::Error,
    snapshot,
    store::Store,
};

/// Copies the database in a data directory, as it is at this moment, into a new file, and checks the copy. A server may be
/// writing meanwhile, in this process or another: the directory's lock is not needed, and nothing is written to the database.
///
/// # Errors
/// [`Error::NoRecords`]. [`Error::Damaged`] when the database is not sound. [`Error::NoRoom`] and [`Error::LogTooLong`] when
/// going on could have harmed the server. [`Error`] when a file cannot be used.
pub fn copy_records(directory: &Path, to: &Path) -> Result<RecordsContents, Error> {
    if !Store::exists(directory) {
        return Err(Error::NoRecords {
            directory: directory.to_owned(),
        });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let source = connection::open(&directory.join(connection::FILE), flags)?;
    snapshot::copy(&source, to)?;
    contents::check(to)
}

/// Checks a copy of the records, and that this program can use it.
///
/// # Errors
/// [`Error::NewerSchema`]. [`Error::Damaged`] when it is not sound. [`Error`] when it cannot be read.
pub fn check_records(file: &Path) -> Result<RecordsContents, Error> {
    let contents = contents::check(file)?;
    let (found, known) = (contents.schema, Store::SCHEMA);
    match found > known {
        true => Err(Error::NewerSchema { found, known }),
        false => Ok(contents),
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        os::unix::fs::PermissionsExt,
        sync::atomic::{AtomicBool, Ordering},
    };

    use super::*;
    use crate::tests::{at, invoice, opened};
    use facture_domain::Status;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_copy_has_one_moment_of_records_that_are_written_meanwhile() {
        let (directory, store, node) = opened().await;
        let stop = AtomicBool::new(false);
        let write = async {
            let mut written = 0;
            while !stop.load(Ordering::Relaxed) {
                written += 1;
                let page = [invoice(written, "x".repeat(500), Status::Unpaid)];
                store.apply(&node, &page, &at(written)).await.unwrap();
            }
            written
        };
        let copies = async {
            let mut counts = Vec::new();
            for number in 0..20 {
                let (from, to) = (
                    directory.path().to_owned(),
                    directory.path().join(format!("{number}")),
                );
                let copied = tokio::task::spawn_blocking(move || copy_records(&from, &to));
                let contents = copied.await.unwrap().unwrap();
                // One invoice, one event, in the same commit.
                assert_eq!(contents.rows["invoices"], contents.rows["events"]);
                assert_eq!(contents.node, Some(node.clone()));
                assert_eq!(contents.schema, Store::SCHEMA);
                counts.push(contents.rows["invoices"]);
            }
            stop.store(true, Ordering::Relaxed);
            counts
        };
        let (written, counts) = tokio::join!(write, copies);
        assert!(counts.is_sorted() && counts[0] < counts[19], "{counts:?}");
        assert!(counts[19] <= written);
        store.close().await;
        let copy = directory.path().join("19");
        assert_eq!(
            fs::metadata(&copy).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(check_records(&copy).unwrap().rows["invoices"], counts[19]);
        // No log beside it.
        let logs = fs::read_dir(directory.path()).unwrap();
        let logs = logs.filter(|file| {
            let name = file.as_ref().unwrap().file_name();
            name.to_str().unwrap().starts_with("19-")
        });
        assert_eq!(logs.count(), 0);
    }

    #[tokio::test]
    async fn a_damaged_database_is_not_copied_as_if_it_were_sound() {
        let (directory, store, node) = opened().await;
        for number in 1..200 {
            let page = [invoice(number, "x".repeat(500), Status::Unpaid)];
            store.apply(&node, &page, &at(number)).await.unwrap();
        }
        store.close().await;
        let file = directory.path().join(connection::FILE);
        let mut bytes = fs::read(&file).unwrap();
        let middle = bytes.len() / 2 / 4096 * 4096;
        bytes[middle..middle + 4096].fill(0xa5);
        fs::write(&file, bytes).unwrap();
        let refused = copy_records(directory.path(), &directory.path().join("copy"));
        let refused = refused.unwrap_err();
        assert!(
            matches!(refused, Error::Damaged(_) | Error::Database(_)),
            "{refused}"
        );
    }

    #[test]
    fn where_there_is_nothing_to_copy_nothing_is_made() {
        let directory = tempfile::tempdir().unwrap();
        let missing = directory.path().join("records");
        let refused = copy_records(&missing, &directory.path().join("copy"));
        assert!(matches!(refused, Err(Error::NoRecords { .. })));
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    }
}
