//! Paths and secrets that a configuration names.

use std::{
    env, fmt, fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use secrecy::{ExposeSecret, SecretString};

/// What may not be allowed to others in the mode of a file that holds a secret.
const OTHERS: u32 = 0o007;

/// A path with `~/` filled in.
pub fn home(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

/// The secret in a file whose path may begin with `~/`. An error names the file.
///
/// # Errors
/// As [`read_secret`].
pub fn secret(file: &Path) -> io::Result<SecretString> {
    let file = home(file);
    let about = |error: &dyn fmt::Display| io::Error::other(format!("{}: {error}", file.display()));
    read_secret(&file).map_err(|error| about(&error))
}

/// The secret in a file, which others must not be able to read: its text without the white space around it.
///
/// # Errors
/// When it cannot be read, others can read it too, or it is empty.
pub fn read_secret(file: &Path) -> io::Result<SecretString> {
    if fs::metadata(file)?.permissions().mode() & OTHERS != 0 {
        return Err(io::Error::other(
            "every user of this machine can read it: run `chmod o=` on it",
        ));
    }
    let text = SecretString::from(fs::read_to_string(file)?);
    match text.expose_secret().trim() {
        "" => Err(io::Error::other("it is empty")),
        secret => Ok(SecretString::from(secret)),
    }
}
