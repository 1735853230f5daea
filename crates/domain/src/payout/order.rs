//! What is ordered.

use jiff::Timestamp;

use super::{destination::Destination, reason::Reason};
use crate::{amount::Msat, bolt11::PaymentHash, label::Label};

/// A payout that is to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPayout {
    /// Who is paid.
    pub destination: Destination,
    /// Of a BOLT 11 destination: its payment hash, by which two orders of the same invoice are found out.
    pub payment_hash: Option<PaymentHash>,
    /// How much the destination is to receive; `None`: what the destination asks for.
    pub amount: Option<Msat>,
    /// The most that it may cost on top; `None`: [`default_fee_limit`](super::default_fee_limit).
    pub max_fee: Option<Msat>,
    /// Why.
    pub reason: Option<Reason>,
    /// The sale that it refunds.
    pub invoice: Option<Label>,
    /// The name of the token that asked for it.
    pub asked_by: String,
    /// No payer begins it after this.
    pub expires_at: Timestamp,
}
