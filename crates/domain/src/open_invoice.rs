//! Invoices that can still be paid.

use crate::{bolt11::PaymentHash, label::Label};

/// An invoice that can still be paid, as the store knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenInvoice {
    /// Its number in the order in which the node created its invoices, from 1.
    pub number: u64,
    /// Its label.
    pub label: Label,
    /// Its payment hash.
    pub payment_hash: PaymentHash,
}
