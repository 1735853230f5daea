//! `[server]` and `[log]`: where buyers reach us, and what is written about it.

use std::{fmt, net::SocketAddr, str::FromStr, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::Url;

use super::{
    number::Bounded,
    proxies::{ProxyHeader, TrustedProxies},
    text::{origin, parsed},
};

/// `[server]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// Address and port to listen on; port 0 takes a free one.
    #[serde(deserialize_with = "listen")]
    pub listen: SocketAddr,
    /// The address buyers use, when a proxy stands in front. Empty: links use the host of the request.
    pub public_url: PublicUrl,
    /// How long a client may take to send the head of a request, and may stay silent between two requests, in seconds.
    /// Some clients get up to 25 % longer.
    #[serde(alias = "head_patience_seconds")]
    pub head_timeout_seconds: Bounded<1, 300>,
    /// How long a client may take to send the body of a request, in seconds.
    #[serde(alias = "body_patience_seconds")]
    pub body_timeout_seconds: Bounded<1, 300>,
    /// How long a client may take nothing of what it is sent, in seconds.
    #[serde(alias = "answer_patience_seconds")]
    pub answer_timeout_seconds: Bounded<1, 300>,
    /// Whether answers about the same invoice are cached and event streams leave the HTTP library's buffers. Off, every
    /// answer is the same, and slower.
    pub fast_path: bool,
    /// The proxies that are believed when they say whom they ask for.
    pub trusted_proxies: TrustedProxies,
    /// In which header they say it.
    #[serde(deserialize_with = "proxy_header")]
    pub proxy_header: ProxyHeader,
}

/// The origin that links are made with.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum PublicUrl {
    /// The host that the visitor came by, over http.
    #[default]
    AsVisited,
    /// This one: scheme, host and port.
    Fixed(Url),
}

/// `[log]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// The form of a line.
    #[serde(deserialize_with = "format")]
    pub format: LogFormat,
    /// How much is written: a level, also per module: `facture=debug,info`.
    #[serde(deserialize_with = "filter")]
    pub filter: String,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for machines.
    Json,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 9112)),
            public_url: PublicUrl::default(),
            head_timeout_seconds: Bounded::new(30),
            body_timeout_seconds: Bounded::new(15),
            answer_timeout_seconds: Bounded::new(60),
            fast_path: true,
            trusted_proxies: TrustedProxies::default(),
            proxy_header: ProxyHeader::default(),
        }
    }
}

impl ServerConfig {
    /// How long a client may take to send the head of a request.
    pub fn head_timeout(&self) -> Duration {
        Duration::from_secs(self.head_timeout_seconds.value().into())
    }

    /// How long a client may take to send the body of a request.
    pub fn body_timeout(&self) -> Duration {
        Duration::from_secs(self.body_timeout_seconds.value().into())
    }

    /// How long a client may take nothing of what it is sent.
    pub fn answer_timeout(&self) -> Duration {
        Duration::from_secs(self.answer_timeout_seconds.value().into())
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            format: LogFormat::default(),
            filter: "info".to_owned(),
        }
    }
}

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Ok(Self::AsVisited);
        }
        let expected = "must be a URL such as https://shop.example, without path, user or password";
        match origin(text) {
            Some(url) if matches!(url.scheme(), "http" | "https") => Ok(Self::Fixed(url)),
            _ => Err(expected),
        }
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AsVisited => Ok(()),
            Self::Fixed(url) => f.write_str(url.as_str().trim_end_matches('/')),
        }
    }
}

impl<'de> Deserialize<'de> for PublicUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, str::parse)
    }
}

impl Serialize for PublicUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

fn listen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    parsed(deserializer, |text| {
        text.parse()
            .map_err(|_| "must be an IP address and a port, such as 127.0.0.1:9112 or [::1]:9112")
    })
}

fn proxy_header<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ProxyHeader, D::Error> {
    parsed(deserializer, str::parse)
}

impl LogConfig {
    /// Of a process that has a configuration of its own.
    ///
    /// # Errors
    /// What a filter must be.
    pub fn checked(filter: &str, format: LogFormat) -> Result<Self, &'static str> {
        let filter = check_filter(filter)?;
        Ok(Self { format, filter })
    }
}

fn filter<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    parsed(deserializer, check_filter)
}

fn check_filter(text: &str) -> Result<String, &'static str> {
    // A bare word that is no level would be read as the name of a module, and silence everything else.
    let sound = text.split(',').all(|part| {
        let level = part.rsplit('=').next().unwrap_or(part);
        level
            .trim()
            .parse::<tracing_subscriber::filter::LevelFilter>()
            .is_ok()
    });
    match text.parse::<tracing_subscriber::filter::Targets>() {
        Ok(_) if sound => Ok(text.to_owned()),
        _ => Err("must be a log level or filter, such as info or facture=debug,info"),
    }
}

fn format<'de, D: Deserializer<'de>>(deserializer: D) -> Result<LogFormat, D::Error> {
    parsed(deserializer, |text| match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("must be text or json"),
    })
}
