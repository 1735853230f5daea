//! `[greenfield]`: the part of BTCPay's Greenfield API that its plug-ins for web shops use.

use serde::{Deserialize, Serialize};

/// `[greenfield]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct GreenfieldConfig {
    /// Whether there is such an API.
    pub enabled: bool,
}
