//! `[webhooks]`: how endpoints are told what happens.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::number::Bounded;

/// `[webhooks]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhooksConfig {
    /// Whether endpoints may be on this machine or a private network.
    pub allow_private: bool,
    /// How long one attempt may take, in seconds.
    pub deadline_seconds: Bounded<1, 60>,
}

impl Default for WebhooksConfig {
    fn default() -> Self {
        Self {
            allow_private: false,
            deadline_seconds: Bounded::new(15),
        }
    }
}

impl WebhooksConfig {
    /// The deadline as a span of time.
    pub fn deadline(&self) -> Duration {
        Duration::from_secs(self.deadline_seconds.value().into())
    }
}
