//! The service's configuration: a file of its own (`nwc.example.toml`), read by nobody else. Secrets are in files that it names.

use std::{
    num::NonZeroU32,
    path::{Path, PathBuf},
    time::Duration,
};

use facture_sidecar::{ConfigError, LogConfig};
use nostr::types::RelayUrl;
use serde::Deserialize;

/// The most relays that connections are given.
const MAX_RELAYS: usize = 8;

/// The shortest and the longest time for which a request may be answered, in seconds.
const AGES: std::ops::RangeInclusive<u32> = 10..=3600;

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The service's own directory: its connections, and how far it was.
    pub state_dir: PathBuf,
    /// `[server]`: whose API does the work.
    pub server: ServerConfig,
    /// `[relays]`: where clients and the service meet.
    pub relays: RelaysConfig,
    /// `[limits]`
    #[serde(default)]
    pub limits: LimitsConfig,
    /// `[log]`: what goes to standard error.
    #[serde(default)]
    pub log: LogConfig,
}

/// `[server]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerConfig {
    /// The private socket in the data directory of `facture serve`.
    pub socket: PathBuf,
    /// A file with an API token.
    pub token_file: PathBuf,
}

/// `[relays]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelaysConfig {
    /// The relays that a new connection is given.
    pub urls: Vec<RelayUrl>,
    /// A Lightning Address that a new connection names.
    #[serde(default)]
    pub lud16: Option<String>,
    /// The authorities (PEM) that alone may vouch for relays. Without: those of this system.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// A SOCKS5 proxy by which all relays are reached, such as Tor's `127.0.0.1:9050`.
    #[serde(default)]
    pub proxy: Option<String>,
}

/// `[limits]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsConfig {
    /// How many requests of one connection are carried out in a minute.
    pub requests_per_minute: NonZeroU32,
    /// How old a request may be, in seconds.
    pub max_age_seconds: u32,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            requests_per_minute: NonZeroU32::MIN.saturating_add(59),
            max_age_seconds: 300,
        }
    }
}

impl LimitsConfig {
    /// How old a request may be.
    pub(crate) fn max_age(&self) -> Duration {
        Duration::from_secs(self.max_age_seconds.into())
    }
}

impl Config {
    /// Reads the file.
    ///
    /// # Errors
    /// [`ConfigError`] names the key.
    pub fn read(file: &Path) -> Result<Self, ConfigError> {
        Self::parse(&facture_sidecar::read(file)?)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// [`ConfigError`] names the key.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let config: Self = facture_sidecar::parse(text)?;
        let relays = &config.relays.urls;
        if !(1..=MAX_RELAYS).contains(&relays.len()) {
            let message = format!("must name 1 to {MAX_RELAYS} relays");
            return Err(ConfigError::wrong("relays.urls", message));
        }
        if let Some(odd) = relays.iter().find(|url| url.host().is_none()) {
            let message = format!("{odd} names no host");
            return Err(ConfigError::wrong("relays.urls", message));
        }
        if !AGES.contains(&config.limits.max_age_seconds) {
            let message = format!("must be {} to {}", AGES.start(), AGES.end());
            return Err(ConfigError::wrong("limits.max_age_seconds", message));
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../../nwc.example.toml");

    fn with(section: &str, line: &str) -> String {
        EXAMPLE.replacen(section, &format!("{section}\n{line}"), 1)
    }

    fn message(text: &str) -> String {
        Config::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn the_example_is_accepted_and_its_comments_are_the_defaults() {
        let config = Config::parse(EXAMPLE).unwrap();
        let commented = EXAMPLE.lines().map(|line| match line.strip_prefix("# ") {
            Some(key) if key.contains(" = ") && !key.starts_with(['"', '`']) => key,
            _ => line,
        });
        let all = Config::parse(&commented.collect::<Vec<_>>().join("\n")).unwrap();
        assert_eq!(format!("{:?}", config.limits), format!("{:?}", all.limits));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let unknown = message(&with("[server]", "color = 1"));
        assert!(
            unknown.contains("unknown key") && unknown.contains("color"),
            "{unknown}"
        );
        let relay = EXAMPLE.replacen("wss://", "https://", 1);
        assert!(message(&relay).contains("relays.urls"));
        let line = EXAMPLE.lines().find(|line| line.starts_with("urls"));
        let none = EXAMPLE.replacen(line.unwrap(), "urls = []", 1);
        assert!(message(&none).contains("1 to 8"));
        let limits = with("[limits]", "requests_per_minute = 0");
        assert!(message(&limits).contains("limits.requests_per_minute"));
        let limits = with("[limits]", "max_age_seconds = 5");
        assert!(message(&limits).contains("10 to 3600"));
    }
}
