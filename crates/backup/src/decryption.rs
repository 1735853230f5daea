//! How a backup is opened: whether it is encrypted is read from its first bytes.

use std::io::{BufRead, Cursor, Read};
#[cfg(feature = "age")]
use std::{io::BufReader, path::Path};

#[cfg(feature = "age")]
use age::{DecryptError, Decryptor, Identity, IdentityFile};
#[cfg(feature = "age")]
use secrecy::SecretString;

use crate::error::BackupError;

/// What a backup is opened with.
pub enum Decryption {
    /// Nothing.
    None,
    /// The keys in these files.
    #[cfg(feature = "age")]
    Identities(Vec<IdentitiesFile>),
    /// A passphrase.
    #[cfg(feature = "age")]
    Passphrase(SecretString),
}

/// The secret keys in a file as `age-keygen` writes it.
#[cfg(feature = "age")]
pub struct IdentitiesFile(Vec<Box<dyn Identity + Send + Sync>>);

/// What an age file begins with.
const AGE: &[u8] = b"age-encryption.org/v1\n";

/// What a gzip file begins with.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// The part of a file that says how it is encrypted.
#[cfg(feature = "age")]
const HEADER: &str = "the header of its encryption";

#[cfg(feature = "age")]
impl IdentitiesFile {
    /// Reads a file of identities.
    ///
    /// # Errors
    /// [`BackupError::Io`].
    pub fn read(path: &Path) -> Result<Self, BackupError> {
        let file = std::fs::File::open(path).map_err(BackupError::io(path))?;
        let identities = IdentityFile::from_buffer(BufReader::new(file));
        let identities = identities.map_err(BackupError::io(path))?;
        match identities.into_identities() {
            Ok(identities) => Ok(Self(identities)),
            Err(error) => Err(BackupError::Encryption(error.to_string())),
        }
    }
}

impl Decryption {
    /// The compressed archive in this file.
    pub(crate) fn reader<'a>(
        &self,
        mut file: impl BufRead + 'a,
    ) -> Result<Box<dyn BufRead + 'a>, BackupError> {
        let mut head = Vec::with_capacity(AGE.len());
        let length = u64::try_from(AGE.len()).unwrap_or_default();
        let read = (&mut file).take(length).read_to_end(&mut head);
        read.map_err(BackupError::reading("its first bytes"))?;
        let is_encrypted = head == AGE;
        let is_archive = head.starts_with(GZIP);
        let whole = Cursor::new(head).chain(file);
        match (is_encrypted, is_archive) {
            (true, _) => self.decrypt(whole),
            (_, true) => Ok(Box::new(whole)),
            _ => Err(BackupError::NotABackup),
        }
    }

    #[cfg(not(feature = "age"))]
    fn decrypt<'a>(&self, _file: impl BufRead + 'a) -> Result<Box<dyn BufRead + 'a>, BackupError> {
        Err(BackupError::NoAge)
    }

    #[cfg(feature = "age")]
    fn decrypt<'a>(&self, file: impl BufRead + 'a) -> Result<Box<dyn BufRead + 'a>, BackupError> {
        let decryptor = Decryptor::new_buffered(file).map_err(refusal)?;
        let decrypted = match (decryptor.is_scrypt(), self) {
            (true, Self::Passphrase(passphrase)) => {
                let identity = age::scrypt::Identity::new(passphrase.clone());
                decryptor.decrypt(std::iter::once(&identity as _))
            }
            (true, _) => return Err(BackupError::NeedsPassphrase),
            (false, Self::Identities(files)) => {
                let identities = files.iter().flat_map(|IdentitiesFile(keys)| keys);
                decryptor.decrypt(identities.map(|key| &**key as _))
            }
            (false, _) => return Err(BackupError::NeedsIdentity),
        };
        Ok(Box::new(BufReader::new(decrypted.map_err(refusal)?)))
    }
}

#[cfg(feature = "age")]
fn refusal(error: DecryptError) -> BackupError {
    match error {
        DecryptError::Io(error) => BackupError::reading(HEADER)(error),
        DecryptError::NoMatchingKeys
        | DecryptError::DecryptionFailed
        | DecryptError::KeyDecryptionFailed => BackupError::WrongKey,
        other => BackupError::damaged(HEADER, other),
    }
}
