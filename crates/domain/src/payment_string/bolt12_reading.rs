//! What a BOLT 12 string says, as a node reads it.

use jiff::Timestamp;

use crate::{amount::Msat, bolt11::PaymentHash, network::Network};

/// The result of reading a BOLT 12 string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bolt12Reading {
    /// What it says.
    Read(Box<Bolt12Fields>),
    /// It is not valid, for this reason in the node's words.
    Invalid(String),
    /// The node cannot read such strings, does not let us ask, or does not answer.
    Unavailable,
}

/// What a BOLT 12 string says, as far as a payer wants to know. What is absent is not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bolt12Fields {
    /// The amount; of an offer, of one item.
    pub amount: Option<Msat>,
    /// The amount of an offer in another currency, such as `12.50 EUR`: the amount in bitcoin is told with the invoice.
    pub price: Option<String>,
    /// What it is for. Written by whoever asks for the money.
    pub description: Option<String>,
    /// Who made the offer, in their own words.
    pub issuer: Option<String>,
    /// From when on it must not be paid.
    pub expires_at: Option<Timestamp>,
    /// A public key that stands for who is paid: of the node, or one that only this string has.
    pub destination: Option<String>,
    /// The chain; `None` for one that we do not know.
    pub network: Option<Network>,
    /// Of an invoice: the hash whose preimage proves the payment.
    pub payment_hash: Option<PaymentHash>,
}
