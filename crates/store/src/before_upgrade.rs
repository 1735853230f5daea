//! The copies of the database that are made before its tables are brought up to date: `backups/facture-schema-<n>.db` in the
//! data directory, named after the version of their tables. The facture that made those tables can use such a copy as it is.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use rusqlite::Connection;

use crate::{contents, error::Error, private, snapshot};

/// The directory of the copies, in the data directory.
const DIRECTORY: &str = "backups";

/// So many copies are kept, those with the newest tables.
const MAX_COPIES: usize = 2;

/// A copy under this name is not complete.
const UNFINISHED: &str = "unfinished";

/// Copies the database of `connection`, whose tables have this version, and checks the copy. An older copy of the same
/// version is replaced once the new one is on the disk. The caller has the directory's lock.
///
/// # Errors
/// [`Error::BeforeUpgrade`].
pub(super) fn copy(
    connection: &Connection,
    data_dir: &Path,
    schema: u32,
) -> Result<PathBuf, Error> {
    let directory = data_dir.join(DIRECTORY);
    let (file, unfinished) = (directory.join(name(schema)), directory.join(UNFINISHED));
    let copied = || {
        private::directory(&directory)?;
        remove(&unfinished)?;
        snapshot::copy(connection, &unfinished)?;
        contents::check(&unfinished)?;
        fs::rename(&unfinished, &file)?;
        Ok(File::open(&directory)?.sync_all()?)
    };
    match copied() {
        Ok(()) => Ok(file),
        Err(source) => {
            // The disk may be full.
            let _ = remove(&unfinished);
            Err(Error::BeforeUpgrade {
                file,
                source: Box::new(source),
            })
        }
    }
}

/// Removes all but the newest copies. One that stays is in nobody's way.
pub(super) fn remove_old(data_dir: &Path) {
    let directory = data_dir.join(DIRECTORY);
    let mut schemas: Vec<u32> = fs::read_dir(&directory)
        .into_iter()
        .flatten()
        .filter_map(|file| schema_of(file.ok()?.file_name().to_str()?))
        .collect();
    schemas.sort_unstable_by(|a, b| b.cmp(a));
    for schema in schemas.into_iter().skip(MAX_COPIES) {
        if let Err(error) = remove(&directory.join(name(schema))) {
            tracing::debug!(%error, "an old copy of the records cannot be removed");
        }
    }
}

fn name(schema: u32) -> String {
    format!("facture-schema-{schema}.db")
}

/// The version in the name of a copy.
fn schema_of(file: &str) -> Option<u32> {
    let schema = file.strip_prefix("facture-schema-")?.strip_suffix(".db")?;
    schema.parse().ok()
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
