//! Whether what a buyer pasted is the preimage of an invoice.

use facture_domain::{PaymentHash, Preimage};

/// What was pasted and what came of it.
pub(crate) struct Proof {
    pub(crate) typed: String,
    pub(crate) verdict: Verdict,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is the invoice's.
    Matches,
    /// It is another payment's.
    Differs,
    /// It is none at all.
    NotHex,
}

impl Proof {
    /// What was pasted, compared with this hash.
    pub(crate) fn of(typed: String, payment_hash: &PaymentHash) -> Self {
        let verdict = match Preimage::parse(&typed) {
            Ok(preimage) if preimage.payment_hash() == *payment_hash => Verdict::Matches,
            Ok(_) => Verdict::Differs,
            Err(_) => Verdict::NotHex,
        };
        Self { typed, verdict }
    }
}
