//! The preimage: what the payer's wallet gets for the payment, and only then. Its holder can prove that the invoice
//! was paid.

use std::fmt;

use bitcoin::{
    hashes::{Hash, sha256},
    hex::{DisplayHex, FromHex},
};

use crate::bolt11::PaymentHash;

/// 32 bytes whose SHA-256 is a payment hash (BOLT 11).
#[derive(Clone, PartialEq, Eq)]
pub struct Preimage([u8; 32]);

/// A text that is not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 64 hexadecimal digits")]
pub struct PreimageError;

impl Preimage {
    /// Reads what a buyer pasted; spaces around it are dropped.
    ///
    /// # Errors
    /// [`PreimageError`].
    pub fn parse(text: &str) -> Result<Self, PreimageError> {
        <[u8; 32]>::from_hex(text.trim())
            .map(Self)
            .map_err(|_| PreimageError)
    }

    /// From its bytes, as a node has them.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes. Before the payment they are a secret: who has them can take the payment on its way.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// The same as 64 hexadecimal digits, and as secret.
    pub fn to_hex(&self) -> String {
        self.0.to_lower_hex_string()
    }

    /// The payment hash that it belongs to.
    pub fn payment_hash(&self) -> PaymentHash {
        PaymentHash::from(sha256::Hash::hash(&self.0))
    }
}

/// Without the bytes.
impl fmt::Debug for Preimage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Preimage(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn its_hash_is_the_payment_hash() {
        // SHA-256 of 32 zero bytes, a known value.
        let preimage = Preimage::parse(&format!(" {}\n", "00".repeat(32))).unwrap();
        assert_eq!(
            preimage.payment_hash().to_string(),
            "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925"
        );
    }

    #[test]
    fn only_64_digits_are_one() {
        let digits = "0123456789abcdefABCDEF0123456789".repeat(2);
        assert!(Preimage::parse(&digits).is_ok());
        for text in [
            "",
            "00",
            &digits[1..],
            &format!("{digits}0"),
            &"g".repeat(64),
            &"é".repeat(32),
        ] {
            assert!(Preimage::parse(text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in any::<String>()) {
            let _ = Preimage::parse(&text);
        }
    }
}
