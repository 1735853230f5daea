//! The file of a backup, as it is read: once, from its beginning to its end, and nothing in it is believed that the manifest
//! does not say.

use std::{
    fs::OpenOptions,
    io::{self, BufRead, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use flate2::bufread::GzDecoder;
use tar::{Archive, Entries, Entry};

use crate::{
    archive::MANIFEST,
    digest::Digesting,
    error::BackupError,
    manifest::{FORMAT, Manifest, Member},
};
use facture_store::Error as StoreError;

/// What becomes of the members.
#[derive(Clone, Copy)]
pub(crate) enum Members<'a> {
    /// They are compared with the manifest.
    Check,
    /// They are written into this directory, too.
    WriteTo(&'a Path),
}

/// The longest manifest, in bytes.
const MAX_MANIFEST_BYTES: u64 = 1 << 20;

/// The part after the last member.
const END: &str = "its end";

/// Reads all of a backup, decrypted already.
///
/// # Errors
/// [`BackupError::Truncated`], [`BackupError::Damaged`], [`BackupError::Newer`], [`StoreError::NewerSchema`]: nothing of the
/// records was written then. [`BackupError::Io`].
pub(crate) fn unpack(file: impl BufRead, members: Members<'_>) -> Result<Manifest, BackupError> {
    let mut archive = Archive::new(GzDecoder::new(file));
    let mut entries = archive.entries().map_err(BackupError::reading(MANIFEST))?;
    let manifest = manifest(next(&mut entries, MANIFEST)?)?;
    for member in &manifest.members {
        let entry = next(&mut entries, member.name.as_str())?;
        match members {
            Members::Check => copy(entry, member, io::sink())?,
            Members::WriteTo(directory) => write(entry, member, directory)?,
        }
    }
    match entries.next() {
        None => {}
        Some(Ok(_)) => {
            return Err(BackupError::damaged(
                END,
                "there is more than its manifest says",
            ));
        }
        Some(Err(error)) => return Err(BackupError::reading(END)(error)),
    }
    end(archive.into_inner())?;
    Ok(manifest)
}

/// The member that comes next, which has this name.
fn next<'a, R: Read>(
    entries: &mut Entries<'a, R>,
    name: &'static str,
) -> Result<Entry<'a, R>, BackupError> {
    let entry = match entries.next() {
        None => return Err(BackupError::Truncated { part: name }),
        Some(entry) => entry.map_err(BackupError::reading(name))?,
    };
    match &*entry.path_bytes() == name.as_bytes() {
        true => Ok(entry),
        false => Err(BackupError::damaged(name, "it is not where it belongs")),
    }
}

fn manifest(entry: impl Read) -> Result<Manifest, BackupError> {
    let mut text = Vec::new();
    let read = entry.take(MAX_MANIFEST_BYTES).read_to_end(&mut text);
    read.map_err(BackupError::reading(MANIFEST))?;
    let manifest: Manifest =
        serde_json::from_slice(&text).map_err(|error| BackupError::damaged(MANIFEST, error))?;
    if manifest.format != FORMAT {
        return Err(BackupError::Newer(manifest.facture));
    }
    let (found, known) = (manifest.schema, facture_store::Store::SCHEMA);
    if found > known {
        return Err(StoreError::NewerSchema { found, known }.into());
    }
    Ok(manifest)
}

fn write(entry: impl Read, member: &Member, directory: &Path) -> Result<(), BackupError> {
    let path = directory.join(member.name.as_str());
    let mut options = OpenOptions::new();
    let options = options.write(true).create_new(true).mode(0o600);
    let file = options.open(&path).map_err(BackupError::io(&path))?;
    copy(entry, member, &file)?;
    file.sync_all().map_err(BackupError::io(path))
}

fn copy(entry: impl Read, member: &Member, mut output: impl Write) -> Result<(), BackupError> {
    let part = member.name.as_str();
    // No more than is said: a disk may be small.
    let mut content = Digesting::new(entry.take(member.bytes.saturating_add(1)));
    io::copy(&mut content, &mut output).map_err(BackupError::reading(part))?;
    let (_, digest) = content.finish();
    match digest.bytes == member.bytes && digest.sha256 == member.sha256 {
        true => Ok(()),
        false => Err(BackupError::damaged(part, "its SHA-256 is another one")),
    }
}

/// Reads on to the end, so that the checksum of the compression is compared; then there must be no more.
fn end(mut archive: GzDecoder<impl BufRead>) -> Result<(), BackupError> {
    io::copy(&mut archive, &mut io::sink()).map_err(BackupError::reading(END))?;
    let mut rest = archive.into_inner();
    match rest.fill_buf().map_err(BackupError::reading(END))? {
        [] => Ok(()),
        _ => Err(BackupError::damaged(END, "something was added")),
    }
}
