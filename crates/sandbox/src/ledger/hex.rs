//! 32 bytes in hexadecimal, for serde.

use bitcoin::hex::{DisplayHex, FromHex};
use serde::{Deserialize, Deserializer, Serializer, de::Error};

pub(super) fn serialize<S: Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&bytes.as_hex())
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<[u8; 32], D::Error> {
    let text = String::deserialize(deserializer)?;
    FromHex::from_hex(&text).map_err(D::Error::custom)
}

/// The same, or nothing.
pub(super) mod optional {
    use super::{Deserialize, Deserializer, DisplayHex, Error, FromHex, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        bytes: &Option<[u8; 32]>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match bytes {
            Some(bytes) => serializer.collect_str(&bytes.as_hex()),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<[u8; 32]>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        let bytes = text.map(|text| FromHex::from_hex(&text));
        bytes.transpose().map_err(D::Error::custom)
    }
}
