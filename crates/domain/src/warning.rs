//! What lightningd warned of when it made an invoice.

use serde::{Deserialize, Serialize};

/// A warning: the invoice was made, but some or all buyers may not be able to pay it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// lightningd's name for it, such as `warning_capacity` (lightning-invoice(7)).
    pub code: String,
    /// lightningd's message.
    pub message: String,
}
