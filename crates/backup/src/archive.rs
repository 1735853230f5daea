//! The file of a backup, as it is written.

use std::{
    fs::File,
    io::{BufWriter, Read, Write},
    path::Path,
};

use flate2::{Compression, write::GzEncoder};
use jiff::Timestamp;
use tar::{Builder, Header};

use crate::{
    digest::{Digest, Digesting},
    encryption::{EncryptedWriter, Encryption},
    error::BackupError,
    manifest::Manifest,
};

/// The name of the first member.
pub(crate) const MANIFEST: &str = "manifest.json";

/// Files of a database are mostly text and numbers: the fastest level halves them, too.
const LEVEL: Compression = Compression::fast();

/// Writes a backup of the files in `directory` that the manifest names. Returns what was written.
pub(crate) fn write(
    directory: &Path,
    manifest: &Manifest,
    encryption: &Encryption,
    output: impl Write,
) -> Result<Digest, BackupError> {
    let output = Digesting::new(BufWriter::new(output));
    let compressed = GzEncoder::new(encryption.writer(output)?, LEVEL);
    let mut archive = Builder::new(compressed);
    let text =
        serde_json::to_vec_pretty(manifest).map_err(|error| BackupError::Write(error.into()))?;
    let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
    append(&mut archive, MANIFEST, length, manifest.created_at, &*text)?;
    for member in &manifest.members {
        let path = directory.join(member.name.as_str());
        let file = File::open(&path).map_err(BackupError::io(path))?;
        let name = member.name.as_str();
        append(&mut archive, name, member.bytes, manifest.created_at, file)?;
    }
    finish(archive).map_err(BackupError::Write)
}

fn append<W: Write>(
    archive: &mut Builder<W>,
    name: &str,
    length: u64,
    at: Timestamp,
    content: impl Read,
) -> Result<(), BackupError> {
    let mut header = Header::new_ustar();
    header.set_size(length);
    header.set_mode(0o600);
    header.set_mtime(u64::try_from(at.as_second()).unwrap_or_default());
    let appended = archive.append_data(&mut header, name, content);
    appended.map_err(BackupError::Write)
}

/// Every layer has an end of its own.
fn finish<W: Write>(
    archive: Builder<GzEncoder<EncryptedWriter<Digesting<BufWriter<W>>>>>,
) -> std::io::Result<Digest> {
    let encrypted = archive.into_inner()?.finish()?;
    let (mut output, digest) = encrypted.finish()?.finish();
    output.flush()?;
    Ok(digest)
}
