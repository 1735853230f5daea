//! The id of a request, which ties an answer to the log.

use axum::http::{HeaderName, HeaderValue};

/// The header that tells the visitor.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request's id: 16 hexadecimal digits, chosen by us. One that a visitor chose would let them write into our log.
pub(crate) struct RequestId(HeaderValue);

impl RequestId {
    pub(crate) fn random() -> Self {
        let mut digits = [b'0'; 16];
        // Not with bitcoin's hex, which takes a thousand instructions, in each request. There is room for the digits, and a
        // header may have them: neither can fail.
        let _ = hex::encode_to_slice(rand::random::<[u8; 8]>(), &mut digits);
        Self(HeaderValue::from_bytes(&digits).unwrap_or(HeaderValue::from_static("")))
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

impl From<RequestId> for HeaderValue {
    fn from(id: RequestId) -> Self {
        id.0
    }
}
