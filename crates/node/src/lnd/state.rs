//! LND's words for where an invoice stands.

use serde::Deserialize;

/// Where an invoice stands (`lnrpc.Invoice.InvoiceState`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum InvoiceState {
    /// It can be paid, unless its time is over, which LND notices a moment later.
    Open,
    /// It is paid.
    Settled,
    /// It was cancelled, or its time is over: LND does not tell these apart.
    Canceled,
    /// It is a hold invoice, and all of its payment is there.
    Accepted,
}
