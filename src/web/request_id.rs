//! The id of a request, which links a response to the log.

use axum::http::{HeaderName, HeaderValue};

/// The header with the id, for the visitor.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request's id: 16 hexadecimal digits, chosen by us. One chosen by a visitor would let them write into our log.
pub(crate) struct RequestId(HeaderValue);

impl RequestId {
    pub(crate) fn random() -> Self {
        let mut digits = [b'0'; 16];
        // Not with bitcoin's hex, which takes a thousand instructions per request. The buffer is large enough and the
        // digits are valid in a header: neither can fail.
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
