//! What an endpoint has besides that is told in BTCPay's words.

use std::str::FromStr;

use secrecy::{ExposeSecret, SecretString};

/// The settings of such an endpoint.
#[derive(Clone, Debug)]
pub struct BtcpayEndpoint {
    /// What its messages are signed with.
    pub secret: BtcpaySecret,
    /// The names of the events, in BTCPay's words, that it is told of; `None`: all.
    pub events: Option<Vec<String>>,
    /// Whether a message that it did not take is sent again.
    pub redelivery: Redelivery,
}

/// A secret: any text, whose bytes are the key. Never shown in `Debug`, logs or errors.
#[derive(Clone, Debug)]
pub struct BtcpaySecret(SecretString);

/// The text is too short or too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be {} to {} bytes",
    BtcpaySecret::MIN_BYTES,
    BtcpaySecret::MAX_BYTES
)]
pub struct BtcpaySecretError;

/// Whether a message that was not taken is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redelivery {
    /// By the schedule.
    Automatic,
    /// Only when somebody asks for it.
    Never,
}

impl BtcpaySecret {
    /// The fewest and the most bytes it may have.
    pub const MIN_BYTES: usize = 8;
    /// See [`BtcpaySecret::MIN_BYTES`].
    pub const MAX_BYTES: usize = 256;

    /// A new one of 256 random bits.
    pub fn random() -> Self {
        let parts: [u128; 2] = rand::random();
        Self(format!("{:032x}{:032x}", parts[0], parts[1]).into())
    }

    /// The text.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl FromStr for BtcpaySecret {
    type Err = BtcpaySecretError;

    fn from_str(text: &str) -> Result<Self, BtcpaySecretError> {
        match (Self::MIN_BYTES..=Self::MAX_BYTES).contains(&text.len()) {
            true => Ok(Self(text.to_owned().into())),
            false => Err(BtcpaySecretError),
        }
    }
}

impl Redelivery {
    /// The name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Never => "never",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Automatic, Self::Never]
            .into_iter()
            .find(|redelivery| redelivery.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_shown() {
        let secret = BtcpaySecret::random();
        assert_eq!(secret.expose().len(), 64);
        assert!(!format!("{secret:?}").contains(secret.expose()));
        for text in ["", "short", &"x".repeat(257)] {
            assert!(text.parse::<BtcpaySecret>().is_err(), "{text}");
        }
    }
}
