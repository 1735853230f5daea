//! A rune as the configuration has it: a secret that is never printed.

use std::{io, path::Path};

use facture_runtime::secret_file::read_secret;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, de};

/// A rune, or none. Never seen in `Debug`, logs or errors.
#[derive(Clone, Debug, Default)]
pub struct ConfiguredRune(Option<SecretString>);

impl ConfiguredRune {
    /// The rune, if there is one.
    pub fn get(&self) -> Option<&SecretString> {
        self.0.as_ref()
    }

    /// The rune in a file, which others must not be able to read.
    ///
    /// # Errors
    /// When it cannot be read, others can read it too, or it holds no rune.
    pub(super) fn read(file: &Path) -> io::Result<SecretString> {
        match Self::parse(read_secret(file)?.expose_secret()) {
            Ok(Self(Some(rune))) => Ok(rune),
            Ok(Self(None)) => Err(io::Error::other("it is empty")),
            Err(error) => Err(io::Error::other(error)),
        }
    }

    /// Runes are base64 with `-` and `_`.
    fn parse(text: &str) -> Result<Self, &'static str> {
        let rune = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'=');
        if text.is_empty() {
            Ok(Self(None))
        } else if text.bytes().all(rune) {
            Ok(Self(Some(text.into())))
        } else {
            // Without the text: it may be a good part of a secret.
            Err("must be a rune, as printed by `lightning-cli createrune`")
        }
    }
}

impl PartialEq for ConfiguredRune {
    fn eq(&self, other: &Self) -> bool {
        let exposed = |rune: &Self| rune.0.as_ref().map(|rune| rune.expose_secret().to_owned());
        exposed(self) == exposed(other)
    }
}

impl<'de> Deserialize<'de> for ConfiguredRune {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
