//! The payment request (BOLT 11): the string a wallet reads, and what we read out of it ourselves.

use std::fmt;

use jiff::Timestamp;
use lightning_invoice::Bolt11Invoice;

use super::{Amount, Msat};

/// A well-formed, correctly signed BOLT 11 payment request.
#[derive(Clone, PartialEq, Eq)]
pub struct Bolt11 {
    text: String,
    parsed: Box<Bolt11Invoice>,
}

/// The payment hash, shown as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PaymentHash(bitcoin::hashes::sha256::Hash);

/// A text that is not a BOLT 11 payment request, or one that says impossible things.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a BOLT 11 payment request: {0}")]
pub struct Bolt11Error(String);

impl Bolt11 {
    /// Reads a payment request and checks its checksum and signature.
    ///
    /// # Errors
    /// [`Bolt11Error`] with the reason in words.
    pub fn parse(text: &str) -> Result<Self, Bolt11Error> {
        let parsed: Bolt11Invoice = text
            .parse()
            .map_err(|error| Bolt11Error(format!("{error}")))?;
        let asked = parsed.amount_milli_satoshis();
        if asked.is_some_and(|msat| Msat::from_msat(msat).is_none()) {
            return Err(Bolt11Error(
                "its amount is more than 21 million bitcoin".to_owned(),
            ));
        }
        Ok(Self {
            text: text.to_owned(),
            parsed: Box::new(parsed),
        })
    }

    /// The string as lightningd wrote it, in lower case.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What a QR code should hold: the `lightning:` URI in capitals, which makes the smallest code.
    pub fn qr_text(&self) -> String {
        format!("LIGHTNING:{}", self.text.to_uppercase())
    }

    /// The hash whose preimage proves the payment.
    pub fn payment_hash(&self) -> PaymentHash {
        PaymentHash(*self.parsed.payment_hash())
    }

    /// What it asks for.
    pub fn amount(&self) -> Amount {
        self.parsed
            .amount_milli_satoshis()
            .and_then(Msat::from_msat)
            .map_or(Amount::Any, Amount::Exact)
    }

    /// When it was made, to the second. lightningd keeps no other record of that.
    pub fn created_at(&self) -> Timestamp {
        let seconds = self.parsed.duration_since_epoch().as_secs();
        i64::try_from(seconds)
            .ok()
            .and_then(|seconds| Timestamp::from_second(seconds).ok())
            .unwrap_or(Timestamp::MAX)
    }
}

impl fmt::Debug for Bolt11 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bolt11({})", self.text)
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
        let bolt11 = Bolt11::parse(COFFEE).unwrap();
        assert_eq!(
            bolt11.amount(),
            Amount::Exact(Msat::from_msat(10_000).unwrap())
        );
        assert_eq!(
            bolt11.payment_hash().to_string(),
            "de7c23464af83af0459e265878f21872803f24322cd28ac85c23432b86dbb740"
        );
        assert_eq!(bolt11.created_at().as_second(), 1_795_195_153);
        assert!(bolt11.qr_text().starts_with("LIGHTNING:LNBCRT100N1P4SPQG3"));
    }

    #[test]
    fn a_changed_character_is_noticed() {
        assert!(Bolt11::parse(&COFFEE.replace("pp5me7", "pp5me8")).is_err());
        assert!(Bolt11::parse("").is_err());
        assert!(Bolt11::parse("lightning:lnbc").is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "(lnbcrt[0-9]{0,20}[munp]?1)?\\PC{0,200}") {
            let _ = Bolt11::parse(&text);
        }
    }
}
