//! A connection: what a client was given, without the client's own secret.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use nostr::{
    key::{Keys, PublicKey, SecretKey},
    nips::nip47::NostrWalletConnectUri,
    types::RelayUrl,
};
use serde::{Deserialize, Serialize};

/// A connection of one client.
#[derive(Clone, PartialEq, Eq)]
pub struct Connection {
    /// What the shop calls it.
    pub name: ConnectionName,
    /// Which invoices it sees.
    pub reach: Reach,
    /// The relays that its client knows.
    pub relays: Vec<RelayUrl>,
    /// When it was made.
    pub created_at: Timestamp,
    /// The key by which its client signs.
    pub(crate) client: PublicKey,
    /// The service's keys, which no other connection has.
    pub(crate) service: Keys,
}

/// Which invoices a connection sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// Those that it made.
    Own,
    /// All of the shop.
    All,
}

/// The name of a connection, which is that of its file, too.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConnectionName(String);

/// It cannot be a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to 64 small letters, digits, hyphens and underscores")]
pub struct NameError;

/// A connection in its file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    name: ConnectionName,
    invoices: Reach,
    relays: Vec<RelayUrl>,
    created_at: Timestamp,
    client: PublicKey,
    service_secret: String,
}

impl Connection {
    /// A new one, and what its client is given: nobody has the client's secret afterwards but the client.
    pub fn generate(
        name: ConnectionName,
        reach: Reach,
        relays: Vec<RelayUrl>,
        lud16: Option<String>,
    ) -> (Self, String) {
        let client = Keys::generate();
        let connection = Self {
            name,
            reach,
            relays: relays.clone(),
            created_at: Timestamp::now(),
            client: client.public_key(),
            service: Keys::generate(),
        };
        let secret = client.secret_key().clone();
        let service = connection.service.public_key();
        let uri = NostrWalletConnectUri::new(service, relays, secret, lud16);
        (connection, uri.to_string())
    }

    /// The text of its file.
    pub(crate) fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(&Stored {
            name: self.name.clone(),
            invoices: self.reach,
            relays: self.relays.clone(),
            created_at: self.created_at,
            client: self.client,
            service_secret: self.service.secret_key().to_secret_hex(),
        })
    }

    /// Reads the text of a file; the error does not quote it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let stored: Stored = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        let secret = SecretKey::from_hex(&stored.service_secret);
        Ok(Self {
            name: stored.name,
            reach: stored.invoices,
            relays: stored.relays,
            created_at: stored.created_at,
            client: stored.client,
            service: Keys::new(secret.map_err(|_| "service_secret is no key".to_owned())?),
        })
    }
}

impl ConnectionName {
    const MAX_LENGTH: usize = 64;

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ConnectionName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let plain = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_')
        };
        match (1..=Self::MAX_LENGTH).contains(&text.len()) && text.bytes().all(plain) {
            true => Ok(Self(text.to_owned())),
            false => Err(NameError),
        }
    }
}

impl TryFrom<String> for ConnectionName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        text.parse()
    }
}

impl From<ConnectionName> for String {
    fn from(name: ConnectionName) -> Self {
        name.0
    }
}

impl fmt::Display for ConnectionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Connection({})", self.name)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A connection and its client's keys.
    pub(crate) fn connection(reach: Reach) -> (Connection, Keys) {
        let relay = RelayUrl::parse("wss://relay.example").unwrap();
        let name = "till-2".parse().unwrap();
        let (connection, uri) = Connection::generate(name, reach, vec![relay], None);
        let uri = NostrWalletConnectUri::parse(uri).unwrap();
        (connection, Keys::new(uri.secret))
    }

    #[test]
    fn its_file_has_all_but_the_clients_secret() {
        let (connection, client) = connection(Reach::Own);
        let text = connection.to_toml().unwrap();
        assert!(
            !text.contains(&client.secret_key().to_secret_hex()),
            "{text}"
        );
        assert_eq!(Connection::parse(&text), Ok(connection));
    }

    #[test]
    fn the_uri_is_what_wallets_read() {
        let relays = ["wss://a.example", "ws://127.0.0.1:7777"];
        let relays = relays.map(|url| RelayUrl::parse(url).unwrap());
        let name = "till".parse().unwrap();
        let lud16 = Some("shop@shop.example".to_owned());
        let (connection, text) =
            Connection::generate(name, Reach::All, relays.to_vec(), lud16.clone());
        assert!(text.starts_with("nostr+walletconnect://"), "{text}");
        let uri = NostrWalletConnectUri::parse(text).unwrap();
        assert_eq!(uri.public_key, connection.service.public_key());
        assert_eq!(Keys::new(uri.secret).public_key(), connection.client);
        assert_eq!((uri.relays, uri.lud16), (relays.to_vec(), lud16));
    }

    #[test]
    fn names_are_names_of_files() {
        for name in ["till-2", "a", "0_b"] {
            assert_eq!(name.parse::<ConnectionName>().unwrap().as_str(), name);
        }
        for name in ["", "..", "a/b", "A", "é", "a.toml", &"x".repeat(65)] {
            assert_eq!(name.parse::<ConnectionName>(), Err(NameError), "{name}");
        }
    }

    #[test]
    fn no_key_is_shown() {
        let (connection, _) = connection(Reach::Own);
        let secret = connection.service.secret_key().to_secret_hex();
        assert_eq!(format!("{connection:?}"), "Connection(till-2)");
        let broken = connection.to_toml().unwrap().replace("own", "none");
        assert!(!Connection::parse(&broken).unwrap_err().contains(&secret));
    }
}
