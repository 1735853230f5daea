//! The payment request (BOLT 11): the string a wallet reads, and what we read out of it ourselves.

use std::{fmt, str::FromStr};

use bitcoin::hashes::Hash;
use jiff::Timestamp;
use lightning_invoice::{RawBolt11Invoice, SignedRawBolt11Invoice};

use crate::amount::{Amount, Msat};

/// A BOLT 11 payment request, as lightningd wrote it: in lower case.
#[derive(Clone, PartialEq, Eq)]
pub struct Bolt11(String);

/// A payment request and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The string itself.
    pub bolt11: Bolt11,
    /// The hash whose preimage proves the payment.
    pub payment_hash: PaymentHash,
    /// What it asks for.
    pub amount: Amount,
    /// The SHA-256 of a description that is elsewhere; `None`: the description is in the string.
    pub description_hash: Option<[u8; 32]>,
    /// When it was made, to the second. lightningd keeps no other record of that.
    pub created_at: Timestamp,
}

/// The payment hash, shown as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PaymentHash(bitcoin::hashes::sha256::Hash);

/// A text that is not a BOLT 11 payment request, or one that says impossible things.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a BOLT 11 payment request: {0}")]
pub struct Bolt11Error(String);

impl Bolt11Error {
    /// For this reason.
    pub(crate) fn new(reason: &str) -> Self {
        Self(reason.to_owned())
    }
}

impl Bolt11 {
    /// Reads a payment request and checks its checksum. Its signature is not: what we read is the node's own, and a wallet that
    /// pays checks it. That would be most of the work.
    ///
    /// # Errors
    /// [`Bolt11Error`] with the reason in words.
    pub fn decode(text: &str) -> Result<Decoded, Bolt11Error> {
        let parsed: SignedRawBolt11Invoice = text
            .parse()
            .map_err(|error| Bolt11Error(format!("{error}")))?;
        Self::describe(parsed.raw_invoice(), text.to_owned())
    }

    /// What a payment request says that was parsed from `text`.
    ///
    /// # Errors
    /// [`Bolt11Error`] when it says something impossible.
    pub(crate) fn describe(
        parsed: &RawBolt11Invoice,
        text: String,
    ) -> Result<Decoded, Bolt11Error> {
        let wrong = Bolt11Error::new;
        let amount = match (parsed.hrp.raw_amount, parsed.amount_pico_btc()) {
            (None, _) => Amount::Any,
            // A millisatoshi is ten of these.
            (Some(_), Some(pico)) if pico % 10 == 0 => Msat::from_msat(pico / 10)
                .map(Amount::Exact)
                .ok_or_else(|| wrong("more than 21 million bitcoin"))?,
            (Some(_), Some(_)) => return Err(wrong("parts of a millisatoshi")),
            (Some(_), None) => return Err(wrong("more than 21 million bitcoin")),
        };
        let since_epoch = parsed.data.timestamp.as_duration_since_epoch();
        let created_at = i64::try_from(since_epoch.as_secs())
            .ok()
            .and_then(|seconds| Timestamp::from_second(seconds).ok())
            .ok_or_else(|| wrong("made too far in the future"))?;
        let payment_hash = parsed
            .payment_hash()
            .ok_or_else(|| wrong("no payment hash"))?;
        Ok(Decoded {
            bolt11: Self(text),
            payment_hash: PaymentHash(payment_hash.0),
            amount,
            description_hash: parsed.description_hash().map(|hash| hash.0.to_byte_array()),
            created_at,
        })
    }

    /// A string that was decoded before and kept since, so that reading it back costs nothing.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The string.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a QR code should hold: the `lightning:` URI in capitals, which makes the smallest code.
    pub fn qr_text(&self) -> String {
        format!("LIGHTNING:{}", self.0.to_uppercase())
    }
}

impl PaymentHash {
    /// From its 32 bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bitcoin::hashes::sha256::Hash::from_byte_array(bytes))
    }

    /// Its 32 bytes.
    pub fn to_bytes(self) -> [u8; 32] {
        self.0.to_byte_array()
    }
}

impl FromStr for PaymentHash {
    type Err = Bolt11Error;

    /// Reads 64 hexadecimal digits.
    fn from_str(text: &str) -> Result<Self, Bolt11Error> {
        text.parse()
            .map(Self)
            .map_err(|_| Bolt11Error("a payment hash has 64 hexadecimal digits".to_owned()))
    }
}

impl fmt::Debug for Bolt11 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bolt11({})", self.0)
    }
}

impl From<bitcoin::hashes::sha256::Hash> for PaymentHash {
    fn from(hash: bitcoin::hashes::sha256::Hash) -> Self {
        Self(hash)
    }
}

impl fmt::Display for PaymentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for PaymentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PaymentHash({self})")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Made by lightningd v26.06.6 on regtest: 10,000 msat, "one coffee".
    const COFFEE: &str = "lnbcrt100n1p4spqg3sp523g63gs964jmp7ng34q0c50ph7yw8m8ntjty4jk320uet5jvemtqpp5me7zx3j2lqa0q3v7yev83uscw2qr7fpj9nfg4jzuydpjhpkmkaqqdqsdahx2grrdanxvet9xqyjw5qcqp29qxpqysgq9g5c9hu0quyvepfcw4peark9dtm79qcyg3fmnp2306gk20t8lwnp0zasxmwrhe30p5djrlx2puakgu3d7zy5wgeva3pqt3prtcqxfugp963xnh";

    #[test]
    fn reads_what_lightningd_wrote() {
        let decoded = Bolt11::decode(COFFEE).unwrap();
        assert_eq!(
            decoded.amount,
            Amount::Exact(Msat::from_msat(10_000).unwrap())
        );
        assert_eq!(
            decoded.payment_hash.to_string(),
            "de7c23464af83af0459e265878f21872803f24322cd28ac85c23432b86dbb740"
        );
        assert_eq!(decoded.created_at.as_second(), 1_795_195_153);
        assert!(
            decoded
                .bolt11
                .qr_text()
                .starts_with("LIGHTNING:LNBCRT100N1P4SPQG3")
        );
    }

    #[test]
    fn a_changed_character_is_noticed() {
        assert!(Bolt11::decode(&COFFEE.replace("pp5me7", "pp5me8")).is_err());
        assert!(Bolt11::decode("").is_err());
        assert!(Bolt11::decode("lightning:lnbc").is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "(lnbcrt[0-9]{0,20}[munp]?1)?\\PC{0,200}") {
            let _ = Bolt11::decode(&text);
        }
    }
}
