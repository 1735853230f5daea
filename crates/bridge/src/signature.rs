//! Signatures of commands: HMAC-SHA256 with a shared secret, and the key by which a command is known again.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// The number of hexadecimal digits of a signature.
pub(crate) const SIGNATURE_DIGITS: usize = 64;

/// The secrets that sign commands. Any of them fits, so that one can replace another without a gap; the first one signs.
#[derive(Clone, Debug)]
pub(crate) struct Secrets(Vec<SecretString>);

/// What makes two commands the same one: SHA-256 of the signed part. The signature is not in it: its digits can be
/// written in capitals, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ReplayKey([u8; 32]);

impl Secrets {
    /// These, of which each is used as the bytes of its text.
    pub(crate) fn new(secrets: Vec<SecretString>) -> Self {
        Self(secrets)
    }

    /// Whether a signature in hexadecimal, capital or small letters, is one of ours. All secrets are tried, each in
    /// constant time.
    pub(crate) fn verify(&self, signed: &[u8], signature: &[u8]) -> bool {
        let Ok(signature) = hex::decode(signature) else {
            return false;
        };
        self.0.iter().fold(false, |fits, secret| {
            let mac = mac(secret, signed);
            fits | mac.is_some_and(|mac| mac.verify_slice(&signature).is_ok())
        })
    }

    /// The signature, in small hexadecimal digits; empty without a secret.
    pub(crate) fn sign(&self, bytes: &[u8]) -> String {
        let mac = self.0.first().and_then(|secret| mac(secret, bytes));
        mac.map_or_else(String::new, |mac| hex::encode(mac.finalize().into_bytes()))
    }
}

/// HMAC accepts a key of any length, so this is never `None`.
fn mac(secret: &SecretString, bytes: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).ok()?;
    mac.update(bytes);
    Some(mac)
}

impl ReplayKey {
    /// Of the signed part of a command.
    pub(crate) fn of(signed: &[u8]) -> Self {
        Self(Sha256::digest(signed).into())
    }

    /// In hexadecimal.
    pub(crate) fn to_hex(self) -> String {
        hex::encode(self.0)
    }

    /// The `Idempotency-Key` of what the command asks for.
    pub(crate) fn idempotency_key(self) -> String {
        format!("kafka-{}", self.to_hex())
    }

    /// An id in the form of a UUID, for programs that want one: version 8 (RFC 9562), made of the key's first bytes.
    pub(crate) fn to_uuid(self) -> String {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.0[..16]);
        bytes[6] = (bytes[6] & 0x0f) | 0x80;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        let digits = hex::encode(bytes);
        let (a, b, c) = (&digits[..8], &digits[8..12], &digits[12..16]);
        format!("{a}-{b}-{c}-{}-{}", &digits[16..20], &digits[20..])
    }
}
