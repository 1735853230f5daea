//! `[charge]`: the API of Lightning Charge.

use serde::{Deserialize, Serialize};

/// `[charge]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChargeConfig {
    /// Whether there is such an API.
    pub enabled: bool,
}

impl Default for ChargeConfig {
    fn default() -> Self {
        Self { enabled: true }
    }
}
