//! The log: to standard error, as text or JSON.

use std::{
    io::{self, IsTerminal},
    panic,
};

use tracing::Level;
use tracing_subscriber::{
    Layer,
    filter::{FilterExt, Targets, filter_fn},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::config::{LogConfig, LogFormat};
use facture_sidecar::{ConfigError, LogConfig as SidecarLog, LogFormat as SidecarFormat};

/// Libraries whose details are not for the log: what is said with the node, and the paths of requests, hold labels,
/// which are the keys to buyers' pages, and preimages.
const CONFIDENTIAL_TARGETS: &[&str] = &["cln_rpc", "tower_http"];

/// Starts logging, for the whole process; panics too.
///
/// # Errors
/// When logging was started before.
pub fn start(config: &LogConfig) -> Result<(), tracing_subscriber::util::TryInitError> {
    // The configuration checked it.
    let filter: Targets = config.filter.parse().unwrap_or_default();
    let confidential = filter_fn(|event| {
        let details = CONFIDENTIAL_TARGETS
            .iter()
            .any(|of| event.target().starts_with(of));
        !details || *event.level() <= Level::INFO
    });
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    let lines = match config.format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    tracing_subscriber::registry()
        .with(lines.with_filter(filter.and(confidential)))
        .try_init()?;
    log_panics();
    Ok(())
}

/// The log of a process beside the server, whose filter is `default` where its configuration has none.
///
/// # Errors
/// A filter that is none.
pub fn settings(config: &SidecarLog, default: &str) -> Result<LogConfig, ConfigError> {
    let format = match config.format {
        SidecarFormat::Text => LogFormat::Text,
        SidecarFormat::Json => LogFormat::Json,
    };
    let filter = config.filter.as_deref().unwrap_or(default);
    LogConfig::checked(filter, format)
        .map_err(|expected| ConfigError::wrong("log.filter", expected))
}

/// From now on a panic is a line of the log: in the span of its request or task, which says whom it concerns.
pub fn log_panics() {
    panic::set_hook(Box::new(|panic| {
        let what = panic.payload_as_str().unwrap_or_default();
        let location = panic.location().map(ToString::to_string);
        tracing::error!(what, location, "a bug: something panicked");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// It would silence the whole log.
    #[test]
    fn a_filter_that_is_none_is_refused_by_name() {
        for filter in ["loud", "facture_payer=loud"] {
            let config = SidecarLog {
                filter: Some(filter.to_owned()),
                format: SidecarFormat::Text,
            };
            let error = settings(&config, "info").expect_err(filter);
            assert_eq!(
                error.to_string(),
                "configuration: log.filter: must be a log level or filter, such as info or facture=debug,info"
            );
        }
    }
}
