//! What is said to a node about hold invoices, and what it answers.

use facture_domain::{PaymentHash, Preimage, StatusName};

/// Whose payment hashes the node can hold payments for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldHashes {
    /// Ours, whose preimage is known when the invoice is made: Core Lightning derives the payment secret from it.
    OfKnownPreimage,
    /// Any.
    Any,
}

/// What a hold invoice is made for.
#[derive(Clone, Copy, Debug)]
pub enum HoldKey<'a> {
    /// For this preimage. It is not kept by the node.
    Preimage(&'a Preimage),
    /// For this hash, whose preimage the shop has.
    Hash(PaymentHash),
}

/// What came of settling a hold invoice or sending its payment back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldOutcome {
    /// It is done, by this call or by an earlier one.
    Done,
    /// It is in this state instead, and stays so.
    Instead(StatusName),
    /// The node does not have it.
    NotFound,
}
