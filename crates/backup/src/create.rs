//! Making a backup.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufReader, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
};

use jiff::Timestamp;
use tempfile::NamedTempFile;

use crate::{
    archive,
    digest::Digest,
    encryption::Encryption,
    error::BackupError,
    manifest::{FORMAT, Manifest, Member, MemberName},
    staging::Staging,
    unpack::{self, Members},
};
use facture_store::{Error as StoreError, LabelKeyFile, Store};

/// A backup that was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// What is in it.
    pub manifest: Manifest,
    /// The length of the file.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// Makes a backup of a data directory, whether a server is running there or not. The file is new, for its owner alone, and
/// appears under its name once it is on the disk and was read again.
///
/// What is read again: its SHA-256, and, unless it is encrypted for recipients, all that is in it. The records themselves were
/// checked before: what is in the file has the same SHA-256.
///
/// # Errors
/// [`BackupError`]; then there is no such file.
pub fn write_file(
    data_dir: &Path,
    file: &Path,
    encryption: &Encryption,
) -> Result<Made, BackupError> {
    if file.symlink_metadata().is_ok() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let parts = Parts::collect(data_dir)?;
    let parent = match file.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    parts.leave_room(data_dir, parent)?;
    let mut unfinished = NamedTempFile::new_in(parent).map_err(BackupError::io(parent))?;
    let written = parts.write(encryption, unfinished.as_file_mut())?;
    let synced = unfinished.as_file().sync_all();
    synced.map_err(BackupError::io(unfinished.path()))?;
    read_again(unfinished.path(), &written, encryption)?;
    unfinished
        .persist_noclobber(file)
        .map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => BackupError::Exists(file.to_owned()),
            _ => BackupError::io(file)(error.error),
        })?;
    let named = File::open(parent).and_then(|parent| parent.sync_all());
    named.map_err(BackupError::io(parent))?;
    Ok(parts.made(written))
}

/// The same, into a pipe, say. It is not read again.
///
/// # Errors
/// [`BackupError`]; then what was written is no backup.
pub fn write_stream(
    data_dir: &Path,
    output: impl Write,
    encryption: &Encryption,
) -> Result<Made, BackupError> {
    let parts = Parts::collect(data_dir)?;
    let written = parts.write(encryption, output)?;
    Ok(parts.made(written))
}

/// What goes into a backup, as it was at one moment.
struct Parts {
    staging: Staging,
    manifest: Manifest,
}

impl Parts {
    fn collect(data_dir: &Path) -> Result<Self, BackupError> {
        // Before a directory is made there.
        if !Store::exists(data_dir) {
            return Err(StoreError::NoRecords {
                directory: data_dir.to_owned(),
            }
            .into());
        }
        let staging = Staging::take(data_dir)?;
        let records = staging.path().join(MemberName::Records.as_str());
        let contents = facture_store::copy_records(data_dir, &records)?;
        // After the records, so that it is there: a server makes it once it has them.
        let label_key = copy_label_key(data_dir, staging.path())?;
        let mut members = Vec::new();
        for name in [MemberName::LabelKey, MemberName::Records] {
            let path = staging.path().join(name.as_str());
            if name == MemberName::LabelKey && label_key.is_none() {
                continue;
            }
            let digest = Digest::of_file(&path).map_err(BackupError::io(path))?;
            members.push(Member::new(name, digest));
        }
        Ok(Self {
            staging,
            manifest: Manifest {
                format: FORMAT,
                facture: env!("CARGO_PKG_VERSION").to_owned(),
                created_at: Timestamp::now(),
                schema: contents.schema,
                node_id: contents.node.map(|node| node.to_string()),
                last_event: contents.last_event,
                label_key,
                rows: contents.rows,
                members,
            },
        })
    }

    /// On the disk that a server writes to, a backup must not take the last room.
    fn leave_room(&self, data_dir: &Path, parent: &Path) -> Result<(), BackupError> {
        let disk = |path: &Path| match fs::metadata(path) {
            Ok(metadata) => Ok(metadata.dev()),
            Err(error) => Err(BackupError::io(path)(error)),
        };
        if disk(data_dir)? == disk(parent)? {
            let bytes = self.manifest.members.iter().map(|member| member.bytes);
            facture_store::check_room(parent, bytes.sum())?;
        }
        Ok(())
    }

    fn write(&self, encryption: &Encryption, output: impl Write) -> Result<Digest, BackupError> {
        archive::write(self.staging.path(), &self.manifest, encryption, output)
    }

    fn made(self, written: Digest) -> Made {
        Made {
            manifest: self.manifest,
            bytes: written.bytes,
            sha256: written.sha256,
        }
    }
}

/// Copies the label key, if there is one, and returns its fingerprint.
fn copy_label_key(data_dir: &Path, to: &Path) -> Result<Option<String>, BackupError> {
    let name = MemberName::LabelKey.as_str();
    let path = data_dir.join(name);
    let text = match fs::read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => read.map_err(BackupError::io(path))?,
    };
    let path = to.join(name);
    let mut options = OpenOptions::new();
    let options = options.write(true).create_new(true).mode(0o600);
    let written = options
        .open(&path)
        .and_then(|mut file| file.write_all(&text));
    written.map_err(BackupError::io(path))?;
    Ok(Some(LabelKeyFile::open(to)?.key().fingerprint()))
}

fn read_again(file: &Path, written: &Digest, encryption: &Encryption) -> Result<(), BackupError> {
    let found = Digest::of_file(file).map_err(BackupError::io(file))?;
    if found != *written {
        return Err(BackupError::Unreliable(file.to_owned()));
    }
    if let Some(decryption) = encryption.reverse() {
        let file = File::open(file).map_err(BackupError::io(file))?;
        unpack::unpack(decryption.reader(BufReader::new(file))?, Members::Check)?;
    }
    Ok(())
}
