//! `[log]`: what goes to standard error.

use serde::Deserialize;

/// `[log]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// What is logged, as `tracing` reads it, such as `info` or `facture_payer=debug`. `None`: each process has a default.
    pub filter: Option<String>,
    /// How.
    pub format: LogFormat,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}
