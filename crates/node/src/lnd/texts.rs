//! What LND says when it refuses, where that decides what is done. Its codes do not tell the reasons apart: but for "not
//! found" of `LookupInvoice`, nearly all are 2 ("unknown") with HTTP status 500. A test of `refusal.rs` compares these
//! with recorded answers.

/// `AddInvoice`, `AddHoldInvoice`.
pub(super) const DUPLICATE_HASH: &str = "invoice with payment hash already exists";

/// `LookupInvoice` (code 5, status 404), `CancelInvoice` and `SettleInvoice` (code 2, status 500).
pub(super) const UNKNOWN_INVOICE: &str = "unable to locate invoice";

/// `LookupInvoice` (code 5, status 404), on a node that has never had an invoice.
pub(super) const NO_INVOICES: &str = "there are no existing invoices";

/// `CancelInvoice`.
pub(super) const ALREADY_SETTLED: &str = "invoice already settled";

/// `SettleInvoice`.
pub(super) const ALREADY_CANCELLED: &str = "invoice already canceled";

/// `SettleInvoice`, also of an invoice that is not held.
pub(super) const STILL_OPEN: &str = "invoice still open";
