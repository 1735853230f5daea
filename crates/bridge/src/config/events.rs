//! `[events]`: what is told, and how.

use std::path::PathBuf;

use facture_sidecar::ConfigError;
use serde::Deserialize;

/// `[events]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventsConfig {
    /// The topic.
    pub topic: String,
    /// The file that says how far the log was told.
    pub cursor_file: PathBuf,
    /// How events are written.
    #[serde(default)]
    pub mode: Mode,
    /// A compacted topic with the present state of each invoice. Empty: there is none.
    #[serde(default)]
    pub invoices_topic: String,
    /// How often that topic is searched for invoices whose records are deleted.
    #[serde(default = "cleanup_seconds")]
    pub cleanup_seconds: u32,
}

/// How events are written (the Kafka protocol binding of CloudEvents 1.0, §3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The value is the event, its attributes are headers.
    #[default]
    Binary,
    /// The value has both.
    Structured,
}

fn cleanup_seconds() -> u32 {
    3600
}

impl EventsConfig {
    /// The topic of invoices, if there is one.
    pub(crate) fn invoices(&self) -> Option<&str> {
        Some(self.invoices_topic.as_str()).filter(|topic| !topic.is_empty())
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.topic == self.invoices_topic {
            let message = "must not be the topic of the events: it is compacted";
            return Err(ConfigError::wrong("events.invoices_topic", message));
        }
        if self.cleanup_seconds == 0 {
            let message = "must be from 1 to 4294967295";
            return Err(ConfigError::wrong("events.cleanup_seconds", message));
        }
        Ok(())
    }
}
