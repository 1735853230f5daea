//! Values that several sections have.

use std::{
    env, fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, de::Error as _};
use url::Url;

use facture_domain::Msat;

/// What may not be allowed to others in the mode of a file that holds a secret.
const OTHERS: u32 = 0o007;

/// A path with `~/` filled in.
pub(crate) fn home(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

/// The secret in a file, which others must not be able to read.
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

/// An address that is `https`, host and port, and nothing else.
pub(super) fn https_origin<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Url>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let url = Url::parse(&text).ok().filter(|url| {
        url.scheme() == "https"
            && url.host().is_some()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    });
    match url {
        Some(url) => Ok(Some(url)),
        None => Err(D::Error::custom(
            "must be like https://node.example:3010, with no path, user or password",
        )),
    }
}

/// An amount in whole satoshis, from 0 on.
pub(super) fn sat<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Msat, D::Error> {
    let number = i64::deserialize(deserializer)?;
    let amount = u64::try_from(number).ok().and_then(Msat::from_sat);
    amount.ok_or_else(|| D::Error::custom("must be from 0 satoshis to 21 million bitcoin"))
}

/// The same, where it may be missing.
pub(super) fn some_sat<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Msat>, D::Error> {
    sat(deserializer).map(Some)
}
