//! Idempotency: requests that may come twice and are to take effect once.

/// A request that may come twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotentRequest {
    /// Whose key it is: the same text of two callers is two keys.
    pub scope: String,
    /// The key that the caller chose.
    pub key: String,
    /// A hash of the request: another one under the same key is refused.
    pub fingerprint: Vec<u8>,
    /// How long the key is remembered.
    pub retention: KeyRetention,
}

/// How long a key is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyRetention {
    /// 48 hours: requests are repeated soon.
    Short,
    /// As long as the records exist.
    Forever,
}
