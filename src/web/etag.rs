//! Entity tags (RFC 9110 §8.8.3), which clients send to revalidate a response they already have.

use axum::http::{HeaderMap, HeaderValue, header};
use bitcoin::hex::DisplayHex;
use sha2::{Digest, Sha256};

/// Whether the client already has the version with this tag.
pub(crate) fn is_known(etag: &HeaderValue, headers: &HeaderMap) -> bool {
    let known = headers.get_all(header::IF_NONE_MATCH).iter();
    known
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .any(|tag| tag.trim().as_bytes() == etag.as_bytes())
}

/// A weak tag: the same content may be sent compressed or not.
pub(crate) fn weak_etag(hash: &str) -> HeaderValue {
    let tag = format!("W/\"{hash}\"");
    // Hexadecimal digits in quotes: this cannot fail; an empty tag would match nothing.
    HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static(""))
}

/// A hash long enough to tell two versions apart.
pub(crate) fn short_hash(data: &[u8]) -> String {
    Sha256::digest(data)[..8].to_lower_hex_string()
}
