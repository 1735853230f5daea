//! Checking a backup, and the way back from one.

use std::{
    fs::{self, File},
    io::{self, BufRead},
    os::unix::fs::{MetadataExt, chown},
    path::Path,
};

use crate::{
    decryption::Decryption,
    error::BackupError,
    manifest::{Manifest, MemberName},
    staging::Staging,
    unpack::{self, Members},
};
use facture_store::{LabelKeyFile, Lock};

/// Reads all of a backup and opens the records in it, in a directory for temporary files.
///
/// # Errors
/// [`BackupError`]: it could not be restored.
pub fn verify(backup: impl BufRead, decryption: &Decryption) -> Result<Manifest, BackupError> {
    let directory = tempfile::tempdir().map_err(BackupError::io(std::env::temp_dir()))?;
    unpack_and_check(backup, decryption, directory.path())
}

/// Puts a backup into a data directory that has no records. It is locked meanwhile, and changed only once everything in the
/// backup was found to be sound.
///
/// # Errors
/// [`BackupError`]. [`facture_store::Error::InUse`] when a server is running there.
pub fn restore(
    backup: impl BufRead,
    decryption: &Decryption,
    data_dir: &Path,
) -> Result<Manifest, BackupError> {
    let lock = Lock::take(data_dir)?;
    refuse_records(data_dir)?;
    let staging = Staging::take(data_dir)?;
    let manifest = unpack_and_check(backup, decryption, staging.path())?;
    let installed = install(staging.path(), &lock, &manifest);
    installed.map_err(BackupError::io(data_dir))?;
    Ok(manifest)
}

fn unpack_and_check(
    backup: impl BufRead,
    decryption: &Decryption,
    directory: &Path,
) -> Result<Manifest, BackupError> {
    let archive = decryption.reader(backup)?;
    let manifest = unpack::unpack(archive, Members::WriteTo(directory))?;
    let has = |name| manifest.members.iter().any(|member| member.name == name);
    let records = MemberName::Records.as_str();
    if !has(MemberName::Records) {
        return Err(BackupError::damaged(records, "it is missing"));
    }
    let contents = facture_store::check_records(&directory.join(records))?;
    if !manifest.describes(&contents) {
        return Err(BackupError::damaged(records, "the manifest says otherwise"));
    }
    let key = match has(MemberName::LabelKey) {
        true => Some(LabelKeyFile::open(directory)?.key().fingerprint()),
        false => None,
    };
    match key == manifest.label_key {
        true => Ok(manifest),
        false => Err(BackupError::damaged(
            MemberName::LabelKey.as_str(),
            "it is another key than the manifest says",
        )),
    }
}

/// A log of other records that was left behind would be applied to these.
fn refuse_records(data_dir: &Path) -> Result<(), BackupError> {
    let files = fs::read_dir(data_dir).map_err(BackupError::io(data_dir))?;
    for file in files {
        let name = file.map_err(BackupError::io(data_dir))?.file_name();
        let name = name.to_string_lossy();
        let is_record = name.starts_with(MemberName::Records.as_str());
        if is_record || name == MemberName::LabelKey.as_str() {
            return Err(BackupError::Occupied {
                directory: data_dir.to_owned(),
                name: name.into_owned(),
            });
        }
    }
    Ok(())
}

/// The database comes last: where there is one, all is there.
fn install(staging: &Path, lock: &Lock, manifest: &Manifest) -> io::Result<()> {
    let data_dir = lock.directory();
    for member in &manifest.members {
        let name = member.name.as_str();
        give_to_owner(&staging.join(name), data_dir)?;
        fs::rename(staging.join(name), data_dir.join(name))?;
        File::open(data_dir)?.sync_all()?;
    }
    give_to_owner(&lock.path(), data_dir)
}

/// What root restores belongs to whom the directory belongs to: the server may be another user.
fn give_to_owner(file: &Path, data_dir: &Path) -> io::Result<()> {
    let (owner, file_owner) = (fs::metadata(data_dir)?, fs::metadata(file)?);
    match (owner.uid(), owner.gid()) == (file_owner.uid(), file_owner.gid()) {
        true => Ok(()),
        false => chown(file, Some(owner.uid()), Some(owner.gid())),
    }
}
