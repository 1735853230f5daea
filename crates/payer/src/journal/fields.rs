//! How the fields of an entry are written: ids, hashes and words as text, amounts as millisatoshi. What cannot be read back is
//! an error that names what was expected, so that nothing is paid from a journal that is not understood.

use facture_domain::{
    Msat, NodeId, PaymentHash, Preimage,
    payout::{DestinationKind, FailureCode, PayerId, PayoutId},
};

/// A field that is text.
pub(super) trait TextField: Sized {
    /// What it has to be.
    const EXPECTED: &'static str;

    /// The text.
    fn to_text(&self) -> String;

    /// Reads the text; `None` for what it cannot be.
    fn from_text(text: &str) -> Option<Self>;
}

impl TextField for PayoutId {
    const EXPECTED: &'static str = "payout: not the id of a payout";

    fn to_text(&self) -> String {
        self.as_str().to_owned()
    }

    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

impl TextField for PayerId {
    const EXPECTED: &'static str = "payer: not the id of a payer";

    fn to_text(&self) -> String {
        self.as_str().to_owned()
    }

    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

impl TextField for PaymentHash {
    const EXPECTED: &'static str = "payment_hash: not 64 hexadecimal digits";

    fn to_text(&self) -> String {
        self.to_string()
    }

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl TextField for Preimage {
    const EXPECTED: &'static str = "preimage: not 64 hexadecimal digits";

    fn to_text(&self) -> String {
        self.to_hex()
    }

    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }
}

impl TextField for NodeId {
    const EXPECTED: &'static str = "node: not the id of a node";

    fn to_text(&self) -> String {
        self.as_str().to_owned()
    }

    fn from_text(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self::new(text.to_owned()))
    }
}

impl TextField for FailureCode {
    const EXPECTED: &'static str = "code: an unknown failure code";

    fn to_text(&self) -> String {
        self.as_str().to_owned()
    }

    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

impl TextField for DestinationKind {
    const EXPECTED: &'static str = "kind: an unknown kind of destination";

    fn to_text(&self) -> String {
        self.as_str().to_owned()
    }

    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

/// For `#[serde(with = "text")]`.
pub(super) mod text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    use super::TextField;

    pub(crate) fn serialize<T: TextField, S: Serializer>(
        field: &T,
        out: S,
    ) -> Result<S::Ok, S::Error> {
        out.serialize_str(&field.to_text())
    }

    pub(crate) fn deserialize<'de, T: TextField, D: Deserializer<'de>>(
        from: D,
    ) -> Result<T, D::Error> {
        let text = String::deserialize(from)?;
        T::from_text(&text).ok_or_else(|| D::Error::custom(T::EXPECTED))
    }
}

/// For `#[serde(with = "msat")]`: an amount as a whole number of millisatoshi.
pub(super) mod msat {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    use super::Msat;

    pub(crate) fn serialize<S: Serializer>(amount: &Msat, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_u64(amount.msat())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Msat, D::Error> {
        let msat = u64::deserialize(from)?;
        let too_much = || D::Error::custom("an amount of more than there is");
        Msat::from_msat(msat).ok_or_else(too_much)
    }
}
