//! How a backup is encrypted, by the crate `age` (feature `age`). It is the same code that the program `rage` runs, in the
//! format of the program `age`.

use std::io::{self, Write};

#[cfg(feature = "age")]
use age::{Encryptor, stream::StreamWriter};
#[cfg(feature = "age")]
use secrecy::SecretString;

use crate::{decryption::Decryption, error::BackupError};

/// For whom a backup is encrypted.
pub enum Encryption {
    /// Not at all.
    None,
    /// For each of these.
    #[cfg(feature = "age")]
    Recipients(Vec<Recipient>),
    /// For those who know the passphrase.
    #[cfg(feature = "age")]
    Passphrase(SecretString),
}

/// The public key of somebody who can open a backup: `age1…`.
#[cfg(feature = "age")]
#[derive(Clone)]
pub struct Recipient(age::x25519::Recipient);

#[cfg(feature = "age")]
impl std::str::FromStr for Recipient {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = text.parse().map(Self);
        parsed.map_err(|_| "must be the public key of an age identity, age1…")
    }
}

#[cfg(feature = "age")]
impl std::fmt::Debug for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Encryption {
    /// How the one who encrypts can read it again; `None`: only the recipients can.
    pub(crate) fn reverse(&self) -> Option<Decryption> {
        match self {
            Self::None => Some(Decryption::None),
            #[cfg(feature = "age")]
            Self::Recipients(_) => None,
            #[cfg(feature = "age")]
            Self::Passphrase(passphrase) => Some(Decryption::Passphrase(passphrase.clone())),
        }
    }

    /// Encrypts what is written.
    pub(crate) fn writer<W: Write>(&self, output: W) -> Result<EncryptedWriter<W>, BackupError> {
        match self {
            Self::None => Ok(EncryptedWriter::Plain(output)),
            #[cfg(feature = "age")]
            Self::Recipients(recipients) => {
                let recipients = recipients.iter().map(|Recipient(one)| one as _);
                let encryptor = Encryptor::with_recipients(recipients);
                begin(
                    encryptor.map_err(|error| BackupError::Encryption(error.to_string()))?,
                    output,
                )
            }
            #[cfg(feature = "age")]
            Self::Passphrase(passphrase) => {
                begin(Encryptor::with_user_passphrase(passphrase.clone()), output)
            }
        }
    }
}

#[cfg(feature = "age")]
fn begin<W: Write>(encryptor: Encryptor, output: W) -> Result<EncryptedWriter<W>, BackupError> {
    let writer = encryptor.wrap_output(output).map_err(BackupError::Write)?;
    Ok(EncryptedWriter::Age(Box::new(writer)))
}

/// Encrypts what is written to it.
pub(crate) enum EncryptedWriter<W: Write> {
    Plain(W),
    #[cfg(feature = "age")]
    Age(Box<StreamWriter<W>>),
}

impl<W: Write> EncryptedWriter<W> {
    /// Writes the end. Without it, what was written cannot be opened.
    pub(crate) fn finish(self) -> io::Result<W> {
        match self {
            Self::Plain(output) => Ok(output),
            #[cfg(feature = "age")]
            Self::Age(writer) => writer.finish(),
        }
    }
}

impl<W: Write> Write for EncryptedWriter<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(output) => output.write(buffer),
            #[cfg(feature = "age")]
            Self::Age(writer) => writer.write(buffer),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(output) => output.flush(),
            #[cfg(feature = "age")]
            Self::Age(writer) => writer.flush(),
        }
    }
}
