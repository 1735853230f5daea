//! How requests, answers and notifications are encrypted: NIP-44, and NIP-04 for clients that have not changed to it.

use nostr::{
    error::Error,
    event::Event,
    nips::{nip04, nip44},
};

use crate::connection::Connection;

/// A way to encrypt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cipher {
    /// NIP-44, version 2.
    Nip44,
    /// NIP-04, which older clients use.
    Nip04,
}

/// A request is encrypted in a way that is not known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UnknownCipher;

impl Cipher {
    /// All of them, the best first.
    pub(crate) const ALL: [Self; 2] = [Self::Nip44, Self::Nip04];

    /// What NIP-47 calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nip44 => "nip44_v2",
            Self::Nip04 => "nip04",
        }
    }

    /// That of a request. One that does not say is encrypted by NIP-04.
    pub(crate) fn of(request: &Event) -> Result<Self, UnknownCipher> {
        let mut tags = request.tags.iter();
        let Some(tag) = tags.find(|tag| tag.kind() == "encryption") else {
            return Ok(Self::Nip04);
        };
        let name = tag.content().unwrap_or_default();
        let mut known = Self::ALL.into_iter();
        known
            .find(|cipher| cipher.name() == name)
            .ok_or(UnknownCipher)
    }

    /// Encrypts a text for the client of a connection.
    pub(crate) fn encrypt(self, connection: &Connection, text: &str) -> Result<String, Error> {
        let secret = connection.service.secret_key();
        let client = &connection.client;
        match self {
            Self::Nip44 => nip44::encrypt(secret, client, text, nip44::Version::V2),
            Self::Nip04 => nip04::encrypt(secret, client, text),
        }
    }

    /// Decrypts what the client of a connection has encrypted.
    pub(crate) fn decrypt(self, connection: &Connection, content: &str) -> Result<String, Error> {
        let secret = connection.service.secret_key();
        let client = &connection.client;
        match self {
            Self::Nip44 => nip44::decrypt(secret, client, content),
            Self::Nip04 => nip04::decrypt(secret, client, content),
        }
    }
}
