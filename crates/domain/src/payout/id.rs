//! What a payout and a payer are called.

use std::fmt;

use bitcoin::hex::DisplayHex;

use crate::label::LabelKey;

/// The id of a payout: `po_` and 32 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PayoutId(String);

/// The id of a payer, which it chose at its first start: 1 to 64 of the characters `A-Z`, `a-z`, `0-9`, `_` and `-`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PayerId(String);

const PAYOUT_PREFIX: &str = "po_";
const DIGITS: usize = 32;

impl PayoutId {
    /// The id of the payout of the request that `scope` calls `key`. It is the same whenever it is asked for, also after
    /// the records were restored from a backup that does not have the payout: a payer that has paid it knows it by this
    /// id and does not pay it again.
    pub fn of_request(label_key: &LabelKey, scope: &str, key: &str) -> Self {
        // With its length, no two scopes and keys are the same bytes.
        let length = u64::try_from(scope.len()).unwrap_or(u64::MAX);
        let parts = [&length.to_be_bytes()[..], scope.as_bytes(), key.as_bytes()];
        let digits: [u8; DIGITS / 2] = label_key.hmac("payout", &parts);
        Self(format!("{PAYOUT_PREFIX}{}", digits.to_lower_hex_string()))
    }

    /// A new one.
    pub fn random() -> Self {
        Self(format!("{PAYOUT_PREFIX}{:032x}", rand::random::<u128>()))
    }

    /// Reads one; `None` for what cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(PAYOUT_PREFIX)?;
        let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (digits.len() == DIGITS && digits.bytes().all(hex)).then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PayerId {
    /// The longest, in bytes.
    pub const MAX_BYTES: usize = 64;

    /// A new one: `payer_` and 32 hexadecimal digits.
    pub fn random() -> Self {
        Self(format!("payer_{:032x}", rand::random::<u128>()))
    }

    /// Reads one; `None` for what cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        ((1..=Self::MAX_BYTES).contains(&text.len()) && text.bytes().all(plain))
            .then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PayoutId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for PayerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_one_id_and_no_other_request_has_it() {
        let key = LabelKey::random();
        let id = PayoutId::of_request(&key, "token", "refund-1");
        assert_eq!(id, PayoutId::of_request(&key, "token", "refund-1"));
        assert_eq!(PayoutId::parse(id.as_str()), Some(id.clone()));
        for other in [
            PayoutId::of_request(&key, "token", "refund-2"),
            PayoutId::of_request(&key, "tokenr", "efund-1"),
            PayoutId::of_request(&LabelKey::random(), "token", "refund-1"),
            PayoutId::random(),
        ] {
            assert_ne!(id, other);
        }
    }

    #[test]
    fn only_plain_text_is_an_id() {
        let id = PayoutId::random();
        assert_eq!(PayoutId::parse(id.as_str()), Some(id));
        for text in ["", "po_", "po_00", &format!("PO_{}", "0".repeat(32))] {
            assert_eq!(PayoutId::parse(text), None, "{text:?}");
        }
        let payer = PayerId::random();
        assert_eq!(PayerId::parse(payer.as_str()), Some(payer));
        for text in ["", "a b", "a/b", "é", &"x".repeat(65)] {
            assert_eq!(PayerId::parse(text), None, "{text:?}");
        }
    }
}
