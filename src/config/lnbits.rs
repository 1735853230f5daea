//! `[lnbits]`: the routes of LNbits' API for invoices.

use serde::{Deserialize, Serialize};

/// `[lnbits]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct LnbitsConfig {
    /// Whether there is such an API.
    pub enabled: bool,
}
