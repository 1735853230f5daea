//! Secrets that we give out and recognise by their hash: the text of a session's cookie, of a one-time link, of a recovery
//! code.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// A secret as its holder has it. Never shown in `Debug`, logs or errors.
#[derive(Clone, Debug)]
pub struct SecretText(SecretString);

/// What is kept of it: its SHA-256. It is random, so nothing slower is needed against guessing.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretHash([u8; 32]);

impl SecretText {
    /// A new one, of 256 random bits.
    pub fn random() -> Self {
        let bits: [u128; 2] = rand::random();
        Self(format!("{:032x}{:032x}", bits[0], bits[1]).into())
    }

    /// A new one for people to write down, of 60 random bits: `a1b2c-d3e4f-a5b6c`.
    pub fn random_code() -> Self {
        let bits: u64 = rand::random();
        let digits = format!("{:015x}", bits >> 4);
        let (one, rest) = digits.split_at(5);
        let (two, three) = rest.split_at(5);
        Self(format!("{one}-{two}-{three}").into())
    }

    /// One that somebody shows.
    pub fn new(text: String) -> Self {
        Self(text.into())
    }

    /// What is kept of it.
    pub fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.expose()).into())
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl SecretHash {
    /// For the store.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_are_not_shown() {
        let (one, two) = (SecretText::random(), SecretText::random());
        assert_ne!(one.hash(), two.hash());
        assert_eq!(one.expose().len(), 64);
        assert_eq!(one.hash(), SecretText::new(one.expose().to_owned()).hash());
        assert!(!format!("{one:?} {:?}", one.hash()).contains(one.expose()));
        let code = SecretText::random_code();
        assert_eq!(code.expose().len(), 17);
        assert_ne!(code.hash(), SecretText::random_code().hash());
    }
}
