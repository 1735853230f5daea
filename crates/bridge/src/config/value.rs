//! Values that several sections have.

use std::{
    env, fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use secrecy::SecretString;

/// What may not be allowed to others in the mode of a file that holds a secret.
const OTHERS: u32 = 0o007;

/// A path with `~/` filled in.
pub(crate) fn home(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

/// The secret in a file, which others must not be able to read: its text without the white space around it.
pub(crate) fn secret(file: &Path) -> io::Result<SecretString> {
    let file = home(file);
    let about =
        |error: &dyn std::fmt::Display| io::Error::other(format!("{}: {error}", file.display()));
    let metadata = fs::metadata(&file).map_err(|error| about(&error))?;
    if metadata.permissions().mode() & OTHERS != 0 {
        return Err(about(
            &"every user of this machine can read it: run `chmod o=` on it",
        ));
    }
    let text = fs::read_to_string(&file).map_err(|error| about(&error))?;
    match text.trim() {
        "" => Err(about(&"it is empty")),
        text => Ok(SecretString::from(text)),
    }
}
