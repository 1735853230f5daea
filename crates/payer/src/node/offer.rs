//! Offers (BOLT 12): what one says, and the invoice that its owner gives for it.

use facture_domain::{Msat, PaymentHash};
use jiff::Timestamp;

use super::error::NodeError;

/// What an offer says, as the paying node reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What it is known by, also in the invoices for it.
    pub id: String,
    /// The node that offers, if it names itself.
    pub issuer: Option<String>,
    /// The blinded ends of the ways to it: one of them signs the invoice if no issuer is named.
    pub ends: Vec<String>,
    /// What it costs.
    pub price: OfferPrice,
    /// Whether it has to be said how many are wanted.
    pub quantity: OfferQuantity,
}

/// What an offer costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfferPrice {
    /// Whatever the payer likes.
    Any,
    /// So much, or more.
    Exact(Msat),
    /// Its owner works it out from a price in this currency.
    InCurrency(String),
}

/// Whether an offer is for several of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferQuantity {
    /// It is for one thing.
    One,
    /// It has to be said how many: one.
    Required,
}

/// An invoice for an offer, as the paying node reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferInvoice {
    /// The string (`lni1…`).
    pub text: String,
    /// Of the offer that it is for.
    pub offer_id: String,
    /// The node that signed it.
    pub node: String,
    /// Its payment hash.
    pub payment_hash: PaymentHash,
    /// What it asks for.
    pub amount: Msat,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// Why an offer cannot be read, or there is no invoice for it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OfferError {
    /// It is none, or none that can be paid.
    #[error("{0}")]
    Invalid(String),
    /// It is for another network.
    #[error("it is for another network")]
    OtherNetwork,
    /// Its time is over.
    #[error("the offer has expired")]
    Expired,
    /// Its owner refuses, in these words.
    #[error("its owner refuses: {0}")]
    Refused(String),
    /// The paying node cannot pay offers, or may not for us.
    #[error("{0}")]
    Unsupported(String),
    /// Its owner did not answer: it is worth another try.
    #[error("{0}")]
    NoAnswer(String),
    /// The paying node did not answer.
    #[error(transparent)]
    Node(#[from] NodeError),
}
