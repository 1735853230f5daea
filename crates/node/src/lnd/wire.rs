//! How LND writes values into JSON: 64-bit integers as text, bytes as base64. A reader that also took them otherwise would
//! hide that something else answers.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, de::Error};

/// A 64-bit integer: `"123"`. None that we read is ever negative.
pub(super) fn int64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse()
        .map_err(|_| D::Error::custom("an integer that is none, or negative"))
}

/// 32 bytes.
pub(super) fn bytes32<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
    some_bytes32(deserializer)?.ok_or_else(|| D::Error::custom("32 bytes are missing"))
}

/// 32 bytes, or none, which LND writes as an empty text.
pub(super) fn some_bytes32<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<[u8; 32]>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    let bytes = STANDARD
        .decode(text)
        .map_err(|_| D::Error::custom("bytes that are not base64"))?;
    let bytes = bytes
        .try_into()
        .map_err(|_| D::Error::custom("not 32 bytes"))?;
    Ok(Some(bytes))
}

/// Bytes in a body.
pub(super) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
