//! What deliveries are signed with. It is never written to the log.

use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret, SecretString};

use crate::hook::id::EndpointId;

/// A symmetric secret of Standard Webhooks 1.0.0: `whsec_` and 24 to 64 bytes in base64.
#[derive(Clone, Debug)]
pub struct HookSecret(SecretString);

/// The text is no such secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be whsec_ and 24 to 64 bytes in base64")]
pub struct HookSecretError;

/// Whose secret it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretOwner {
    /// One endpoint for all invoices.
    Endpoint(EndpointId),
    /// All addresses that were given with single invoices, together.
    Invoices,
}

/// What is signed with at one time.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// The one to verify with from now on.
    pub current: HookSecret,
    /// The one before, while it is still valid.
    pub previous: Option<HookSecret>,
}

const PREFIX: &str = "whsec_";

impl HookSecret {
    /// A new one of 32 bytes.
    pub fn random() -> Self {
        let key: [u8; 32] = rand::random();
        Self(format!("{PREFIX}{}", STANDARD.encode(key)).into())
    }

    /// Reads one.
    ///
    /// # Errors
    /// [`HookSecretError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, HookSecretError> {
        let secret = Self(text.into());
        let sound = secret
            .key()
            .is_some_and(|key| (24..=64).contains(&key.len()));
        sound.then_some(secret).ok_or(HookSecretError)
    }

    /// The text, to be shown to the owner of the shop and kept in the store.
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }

    /// The bytes to sign with; `None` never, as it was read before.
    pub fn key(&self) -> Option<Vec<u8>> {
        STANDARD.decode(self.reveal().strip_prefix(PREFIX)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_one_can_be_read_and_is_not_in_the_log() {
        let secret = HookSecret::random();
        assert_eq!(
            HookSecret::parse(secret.reveal()).unwrap().reveal(),
            secret.reveal()
        );
        assert!(!format!("{secret:?}").contains(&secret.reveal()[PREFIX.len()..]));
    }

    #[test]
    fn what_is_no_secret_is_refused() {
        let short = format!("{PREFIX}{}", STANDARD.encode([1; 23]));
        let long = format!("{PREFIX}{}", STANDARD.encode([1; 65]));
        for text in [
            "",
            "whsec_",
            "whsec_***",
            &STANDARD.encode([1; 32]),
            &short,
            &long,
        ] {
            assert!(HookSecret::parse(text).is_err(), "{text}");
        }
    }
}
