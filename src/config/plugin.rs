//! `[plugin]`: the plugin's own commands.

use serde::{Deserialize, Serialize};

/// `[plugin]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct PluginConfig {
    /// Whether `facture-getword` may ask shops at private addresses, such as on this machine or network.
    pub getword_allow_private: bool,
}
