//! Whether the text a buyer pasted is the preimage of an invoice.

use facture_domain::{PaymentHash, Preimage};

/// The pasted text and the verdict.
pub(crate) struct Proof {
    pub(crate) typed: String,
    pub(crate) verdict: Verdict,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The invoice's preimage.
    Matches,
    /// The preimage of another payment.
    Differs,
    /// Not a preimage.
    NotHex,
}

impl Proof {
    /// Compares the pasted text with this hash.
    pub(crate) fn of(typed: String, payment_hash: &PaymentHash) -> Self {
        let verdict = match Preimage::parse(&typed) {
            Ok(preimage) if preimage.payment_hash() == *payment_hash => Verdict::Matches,
            Ok(_) => Verdict::Differs,
            Err(_) => Verdict::NotHex,
        };
        Self { typed, verdict }
    }
}
