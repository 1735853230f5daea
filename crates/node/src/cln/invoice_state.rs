//! Where an invoice stands, in lightningd's words.

use serde::Deserialize;

/// Where an invoice stands, as `listinvoices` tells and `delinvoice` wants and tells it.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It can be paid.
    Unpaid,
    /// It was paid.
    Paid,
    /// It can no longer be paid.
    Expired,
}
