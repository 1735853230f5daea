//! Labels are the keys to the pages: what is in the database is nobody else's business.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

use crate::error::Error;

/// The rights of group and others to read, write or search, and to write only.
const ANY: u32 = 0o077;
const WRITE: u32 = 0o022;

/// What SQLite keeps beside the database. It gives them the same mode.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// Makes the directory if it is missing. One that is there already must not be writable for others: they could put
/// another database in the place of ours.
pub(super) fn directory(directory: &Path) -> Result<(), Error> {
    if directory.metadata().is_ok_and(|place| !place.is_dir()) {
        return Err(io::Error::from(io::ErrorKind::NotADirectory).into());
    }
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)?;
    refuse(directory, WRITE, "700")
}

/// Makes the file before SQLite does, which would let others read it. One that is there already must be ours alone.
pub(super) fn file(file: &Path) -> Result<(), Error> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(file)?;
    check_owner_only(file)?;
    for companion in COMPANIONS {
        let mut name = file.as_os_str().to_owned();
        name.push(companion);
        let companion = Path::new(&name);
        if companion.exists() {
            check_owner_only(companion)?;
        }
    }
    Ok(())
}

/// One that is there must be its owner's alone.
pub(super) fn check_owner_only(file: &Path) -> Result<(), Error> {
    refuse(file, ANY, "600")
}

fn refuse(path: &Path, rights: u32, chmod: &'static str) -> Result<(), Error> {
    match fs::metadata(path)?.permissions().mode() & rights {
        0 => Ok(()),
        _ => Err(Error::Exposed {
            path: path.to_owned(),
            chmod,
        }),
    }
}
