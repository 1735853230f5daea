//! The desk's first owner: a one-time link in a file that only its owner can read, in the data directory. A link on the
//! console would stay in logs.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::users::Users;

/// The file's name in the data directory.
const FILE: &str = "desk-first-owner.link";

/// Where the link is, once a server has started.
pub fn first_owner_file(data_dir: &Path) -> PathBuf {
    data_dir.join(FILE)
}

/// Writes the link, a new one at each start, until the owner has set a password; then the file is removed. Returns where
/// it is. `url`: the desk's address.
///
/// # Errors
/// When the records or the file cannot be written.
pub async fn invite_first_owner(
    users: &Users,
    data_dir: &Path,
    url: &str,
) -> anyhow::Result<Option<PathBuf>> {
    let file = first_owner_file(data_dir);
    let Some(link) = users.first_owner().await? else {
        remove(&file)?;
        return Ok(None);
    };
    let text = format!("{url}/desk/welcome/{}\n", link.secret.expose());
    write(&file, &text).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(Some(file))
}

/// Never into a file that somebody else has put there.
fn write(file: &Path, text: &str) -> io::Result<()> {
    remove(file)?;
    let mut options = OpenOptions::new();
    let options = options.write(true).create_new(true).mode(0o600);
    let mut file = options.open(file)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
