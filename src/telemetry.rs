//! The log: to standard error, as text or JSON.

use std::io::{self, IsTerminal};

use tracing_subscriber::{Layer, filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::{LogConfig, LogFormat};

/// Starts logging, for the whole process.
///
/// # Errors
/// When logging was started before.
pub fn start(config: &LogConfig) -> Result<(), tracing_subscriber::util::TryInitError> {
    // The configuration checked it.
    let filter: Targets = config.filter.parse().unwrap_or_default();
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    let lines = match config.format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    tracing_subscriber::registry()
        .with(lines.with_filter(filter))
        .try_init()
}
