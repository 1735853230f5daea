//! What lets clients in: macaroons as LND makes them (libmacaroons' second binary format), without caveats. The permissions
//! are in the macaroon, signed with a key that follows from the node's, so one outlives a restart in the same directory.

use std::{io, path::Path};

use bitcoin::hashes::{Hash, HashEngine, Hmac, HmacEngine, sha256};
use bitcoin::hex::FromHex;

use super::{call::Call, refusal::Refusal};
use crate::{bolt11::NodeKey, private_file};

/// Fields of the format.
const VERSION: u8 = 2;
const END: u8 = 0;
const LOCATION: u8 = 1;
const IDENTIFIER: u8 = 2;
const SIGNATURE: u8 = 6;

/// The version of what LND puts into the identifier: protobuf, with these fields.
const IDENTIFIER_VERSION: u8 = 3;
const NONCE: u8 = 1;
const STORAGE_ID: u8 = 2;
const OPERATION: u8 = 3;
const ENTITY: u8 = 1;
const ACTION: u8 = 2;

/// The entity of permissions that name a call.
const URI: &str = "uri";

/// The macaroons that LND makes when it first starts.
pub(super) const ADMIN: &str = "admin.macaroon";
pub(super) const INVOICE: &str = "invoice.macaroon";
const ADMIN_MAY: &[(&str, &[&str])] = &[
    ("address", &["read", "write"]),
    ("info", &["read", "write"]),
    ("invoices", &["read", "write"]),
    ("macaroon", &["generate", "read", "write"]),
    ("message", &["read", "write"]),
    ("offchain", &["read", "write"]),
    ("onchain", &["read", "write"]),
    ("peers", &["read", "write"]),
    ("signer", &["generate", "read"]),
];
const INVOICE_MAY: &[(&str, &[&str])] = &[
    ("address", &["read", "write"]),
    ("invoices", &["read", "write"]),
    ("onchain", &["read"]),
];

/// The key of all macaroons.
pub(super) struct Macaroons {
    root: [u8; 32],
}

impl Macaroons {
    /// Those of the node with this key.
    pub(super) fn of(key: &NodeKey) -> Self {
        let root = hmac(key.to_hex().as_bytes(), &[b"root key of macaroons"]);
        Self { root }
    }

    /// Writes those into the directory that LND makes by itself.
    pub(super) fn bake_first(&self, directory: &Path) -> io::Result<()> {
        self.bake(&directory.join(ADMIN), ADMIN_MAY)?;
        self.bake(&directory.join(INVOICE), INVOICE_MAY)
    }

    /// Writes one that allows the calls of these URIs.
    pub(super) fn bake_for(&self, file: &Path, uris: &[&str]) -> io::Result<()> {
        self.bake(file, &[(URI, uris)])
    }

    fn bake(&self, file: &Path, allowed: &[(&str, &[&str])]) -> io::Result<()> {
        private_file::write(file, &self.macaroon(allowed))
    }

    /// One that allows everything.
    #[cfg(test)]
    pub(super) fn of_all(&self) -> Vec<u8> {
        self.macaroon(ADMIN_MAY)
    }

    fn macaroon(&self, allowed: &[(&str, &[&str])]) -> Vec<u8> {
        let mut operations = Vec::new();
        for (entity, actions) in allowed {
            let mut operation = member(ENTITY, entity.as_bytes());
            for action in *actions {
                operation.extend(member(ACTION, action.as_bytes()));
            }
            operations.extend(member(OPERATION, &operation));
        }
        // The same permissions are the same macaroon, whenever it is made.
        let nonce = hmac(&self.root, &[b"nonce", &operations]);
        let identifier = [
            vec![IDENTIFIER_VERSION],
            member(NONCE, &nonce[..16]),
            member(STORAGE_ID, b"0"),
            operations,
        ]
        .concat();
        let signature = self.signature(&identifier);
        [
            vec![VERSION],
            field(LOCATION, b"lnd"),
            field(IDENTIFIER, &identifier),
            // Of the header, and of the caveats, of which there are none.
            vec![END, END],
            field(SIGNATURE, &signature),
        ]
        .concat()
    }

    fn signature(&self, identifier: &[u8]) -> [u8; 32] {
        hmac(
            &hmac(b"macaroons-key-generator", &[&self.root]),
            &[identifier],
        )
    }

    /// Whether a client that shows this may make the call.
    pub(super) fn check(&self, shown: Option<&[u8]>, call: Call<'_>) -> Result<(), Refusal> {
        let shown = shown.ok_or_else(|| Refusal::unknown("expected 1 macaroon, got 0"))?;
        let text = String::from_utf8_lossy(shown);
        if let Some(odd) = text.chars().find(|digit| !digit.is_ascii_hexdigit()) {
            let code = u32::from(odd);
            let text = format!("encoding/hex: invalid byte: U+{code:04X} '{odd}'");
            return Err(Refusal::unknown(text));
        }
        let bytes = Vec::from_hex(&text)
            .map_err(|_| Refusal::unknown("encoding/hex: odd length hex string"))?;
        let (identifier, signature) = read(&bytes).ok_or_else(|| {
            Refusal::unknown("unmarshal v2: varint value extends past end of buffer")
        })?;
        if signature != self.signature(identifier) {
            return Err(Refusal::unknown(
                "verification failed: signature mismatch after caveat verification",
            ));
        }
        let (entity, action) = call.permission();
        let uri = call.uri();
        let allowed = permissions(identifier);
        let allows = |entity: &str, action: &str| {
            let mut pairs = allowed.iter();
            pairs.any(|(e, a)| *e == entity.as_bytes() && *a == action.as_bytes())
        };
        if allows(URI, &uri) || allows(entity, action) {
            Ok(())
        } else {
            Err(Refusal::unknown("permission denied"))
        }
    }
}

/// The identifier and the signature of a macaroon without caveats.
fn read(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (location, rest) = take(bytes.strip_prefix(&[VERSION, LOCATION])?)?;
    let _ = location;
    let (identifier, rest) = take(rest.strip_prefix(&[IDENTIFIER])?)?;
    let (signature, _) = take(rest.strip_prefix(&[END, END, SIGNATURE])?)?;
    Some((identifier, signature))
}

/// The pairs of entity and action in an identifier that we made.
fn permissions(identifier: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut pairs = Vec::new();
    for (number, operation) in members(identifier.get(1..).unwrap_or_default()) {
        if number != OPERATION {
            continue;
        }
        let members = members(operation);
        let entity = members.iter().find(|(number, _)| *number == ENTITY);
        let actions = members.iter().filter(|(number, _)| *number == ACTION);
        if let Some((_, entity)) = entity {
            pairs.extend(actions.map(|(_, action)| (*entity, *action)));
        }
    }
    pairs
}

/// The members of a protobuf message that has only bytes in it.
fn members(mut message: &[u8]) -> Vec<(u8, &[u8])> {
    let mut members = Vec::new();
    while let Some((tag, rest)) = message.split_first() {
        let Some((content, rest)) = take(rest) else {
            break;
        };
        members.push((tag >> 3, content));
        message = rest;
    }
    members
}

/// A member of a protobuf message: of wire type 2, bytes.
fn member(number: u8, content: &[u8]) -> Vec<u8> {
    field(number << 3 | 2, content)
}

/// A byte that says what follows, a length and the content.
fn field(kind: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind];
    let mut length = content.len();
    loop {
        let [low, ..] = length.to_le_bytes();
        length >>= 7;
        if length == 0 {
            bytes.push(low & 0x7f);
            break;
        }
        bytes.push(low | 0x80);
    }
    bytes.extend(content);
    bytes
}

/// Content behind its length, and the rest.
fn take(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut length = 0_usize;
    for (index, byte) in bytes.iter().enumerate().take(4) {
        length |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return bytes.get(index + 1..)?.split_at_checked(length);
        }
    }
    None
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut engine = HmacEngine::<sha256::Hash>::new(key);
    for part in parts {
        engine.input(part);
    }
    Hmac::<sha256::Hash>::from_engine(engine).to_byte_array()
}

impl std::fmt::Debug for Macaroons {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Macaroons")
    }
}
