//! What a backup is encrypted for, and opened with.

#[cfg(feature = "age")]
use anyhow::bail;
#[cfg(feature = "age")]
use facture_backup::IdentitiesFile;
use facture_backup::{Decryption, Encryption};
#[cfg(feature = "age")]
use facture_runtime::secret_file;

use crate::cli::backup::{BackupArgs, KeyArgs};

#[cfg(feature = "age")]
pub(super) fn encryption(args: &BackupArgs) -> anyhow::Result<Encryption> {
    let keys = &args.keys;
    if !keys.identity.is_empty() {
        bail!("--identity opens a backup: use it with --verify, and --recipient to create one");
    }
    if let Some(file) = &keys.passphrase_file {
        return Ok(Encryption::Passphrase(secret_file::secret(file)?));
    }
    Ok(match args.recipient.is_empty() {
        true => Encryption::None,
        false => Encryption::Recipients(args.recipient.clone()),
    })
}

#[cfg(not(feature = "age"))]
pub(super) fn encryption(_args: &BackupArgs) -> anyhow::Result<Encryption> {
    Ok(Encryption::None)
}

#[cfg(feature = "age")]
pub(super) fn decryption(keys: &KeyArgs) -> anyhow::Result<Decryption> {
    if let Some(file) = &keys.passphrase_file {
        return Ok(Decryption::Passphrase(secret_file::secret(file)?));
    }
    if keys.identity.is_empty() {
        return Ok(Decryption::None);
    }
    let files = keys.identity.iter();
    let files = files.map(|file| IdentitiesFile::read(&secret_file::home(file)));
    Ok(Decryption::Identities(files.collect::<Result<_, _>>()?))
}

#[cfg(not(feature = "age"))]
pub(super) fn decryption(_keys: &KeyArgs) -> anyhow::Result<Decryption> {
    Ok(Decryption::None)
}
