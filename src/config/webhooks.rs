//! `[webhooks]`: how endpoints are told what happens.

use std::{str::FromStr, time::Duration};

use hyper::{Uri, http::uri::Authority};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{number::Bounded, text::parsed};

/// `[webhooks]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhooksConfig {
    /// Whether endpoints may be on this machine or a private network.
    pub allow_private: bool,
    /// How long one attempt may take, in seconds.
    pub deadline_seconds: Bounded<1, 60>,
    /// The SOCKS5 proxy by which `.onion` addresses are reached, such as Tor's `127.0.0.1:9050`. Empty: there is none.
    pub onion_proxy: OnionProxy,
    /// With so many deliveries of single invoices' addresses waiting, the token that named them names no more. 0: without
    /// limit.
    pub waiting_per_token: Bounded<0, 1_000_000>,
}

/// Host and port of a SOCKS5 proxy, or nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OnionProxy(Option<Authority>);

impl Default for WebhooksConfig {
    fn default() -> Self {
        Self {
            allow_private: false,
            deadline_seconds: Bounded::new(15),
            onion_proxy: OnionProxy::default(),
            waiting_per_token: Bounded::new(10_000),
        }
    }
}

impl WebhooksConfig {
    /// The deadline as a span of time.
    pub fn deadline(&self) -> Duration {
        Duration::from_secs(self.deadline_seconds.value().into())
    }
}

impl OnionProxy {
    /// The proxy as a URL, if there is one.
    pub fn get(&self) -> Option<Uri> {
        let proxy = Uri::builder().scheme("socks5").path_and_query("/");
        let Self(Some(authority)) = self else {
            return None;
        };
        // An authority fits into any URL.
        proxy.authority(authority.clone()).build().ok()
    }
}

impl FromStr for OnionProxy {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Ok(Self(None));
        }
        let expected = "must be the host and port of a SOCKS5 proxy, such as 127.0.0.1:9050";
        let plain = text
            .strip_prefix("socks5h://")
            .or(text.strip_prefix("socks5://"))
            .unwrap_or(text);
        let authority: Authority = plain.parse().map_err(|_| expected)?;
        let sound = authority.port_u16().is_some_and(|port| port > 0)
            && !authority.host().is_empty()
            && !plain.contains('@');
        sound.then_some(Self(Some(authority))).ok_or(expected)
    }
}

impl<'de> Deserialize<'de> for OnionProxy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, str::parse)
    }
}

impl Serialize for OnionProxy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_ref().map_or("", Authority::as_str))
    }
}
