//! `[desk]`: the merchant's desk.

use std::{net::SocketAddr, time::Duration};

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::{
    error::ConfigError,
    metrics,
    number::Bounded,
    server::{PublicUrl, ServerConfig},
    time_zone::ShopTimeZone,
};

/// `[desk]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeskConfig {
    /// Whether there is a desk.
    pub enabled: bool,
    /// Address and port of a listener for the desk alone; port 0 takes a free one. Empty: it is on the server's own.
    #[serde(
        deserialize_with = "metrics::listen",
        serialize_with = "metrics::written"
    )]
    pub listen: Option<SocketAddr>,
    /// The address by which staff reach that listener, when a proxy stands in front. Empty: the host of the request.
    pub public_url: PublicUrl,
    /// The shop's time zone: when its days begin.
    pub time_zone: ShopTimeZone,
    /// How long a session lasts.
    pub session_hours: Bounded<1, 720>,
    /// How often somebody may try to sign in as the same user, each minute. 0: without limit.
    pub tries_per_account_per_minute: Bounded<0, 10_000>,
    /// How often one client may try to sign in, each minute. 0: without limit.
    pub tries_per_client_per_minute: Bounded<0, 10_000>,
}

impl Default for DeskConfig {
    fn default() -> Self {
        Self {
            enabled: false,
            listen: None,
            public_url: PublicUrl::default(),
            time_zone: ShopTimeZone::default(),
            session_hours: Bounded::new(12),
            tries_per_account_per_minute: Bounded::new(5),
            tries_per_client_per_minute: Bounded::new(10),
        }
    }
}

impl DeskConfig {
    /// How long a session lasts.
    pub fn session_length(&self) -> Duration {
        Duration::from_secs(u64::from(self.session_hours.value()) * 60 * 60)
    }

    /// The address by which staff reach the desk.
    pub fn url<'c>(&'c self, server: &'c ServerConfig) -> &'c PublicUrl {
        match (&self.public_url, self.listen) {
            (PublicUrl::AsVisited, None) => &server.public_url,
            (own, _) => own,
        }
    }

    /// Where the desk listens.
    pub fn address(&self, server: &ServerConfig) -> SocketAddr {
        self.listen.unwrap_or(server.listen)
    }

    /// Refuses a desk whose passwords and cookies would cross a network in the clear.
    ///
    /// # Errors
    /// [`ConfigError`], which names the key.
    pub(super) fn check_consistency(&self, server: &ServerConfig) -> Result<(), ConfigError> {
        if !self.enabled {
            return Ok(());
        }
        if let (PublicUrl::Fixed(_), None) = (&self.public_url, self.listen) {
            return Err(ConfigError::Inconsistent(
                "desk.public_url is for the listener desk.listen; without that, set server.public_url".to_owned(),
            ));
        }
        let private = match self.url(server) {
            PublicUrl::Fixed(url) => url.scheme() == "https" || is_private(url),
            PublicUrl::AsVisited => self.address(server).ip().is_loopback(),
        };
        // A second listener is there to be kept apart: what a proxy in front would add is only known of loopback.
        let apart = self.listen.is_none_or(|address| address.ip().is_loopback());
        match (private, apart) {
            (true, true) => Ok(()),
            (_, false) => Err(ConfigError::Inconsistent(
                "desk.listen must be a loopback address, such as 127.0.0.1:9114: facture has no TLS of its own. Put a \
                 proxy with TLS in front, or use an SSH tunnel"
                    .to_owned(),
            )),
            (false, true) => Err(ConfigError::Inconsistent(
                "desk.enabled needs https, or passwords would cross the network in the clear: set server.public_url to an \
                 https:// address, or bind the desk to loopback with desk.listen, such as 127.0.0.1:9114"
                    .to_owned(),
            )),
        }
    }
}

/// Whether plain http to it stays on this machine, or is encrypted by Tor.
fn is_private(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".onion"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    fn check(desk: &str, server: &str) -> Result<(), String> {
        let text = format!("[desk]\nenabled = true\n{desk}\n[server]\n{server}");
        let config: Config = toml::from_str(&text).unwrap();
        let checked = config.desk.check_consistency(&config.server);
        checked.map_err(|error| error.to_string())
    }

    #[test]
    fn passwords_never_cross_a_network_in_the_clear() {
        for (desk, server) in [
            ("", ""),
            ("", "listen = \"[::1]:80\""),
            (
                "",
                "listen = \"0.0.0.0:80\"\npublic_url = \"https://shop.example\"",
            ),
            ("", "public_url = \"http://abc.onion\""),
            (
                "listen = \"127.0.0.1:1\"",
                "listen = \"0.0.0.0:80\"\npublic_url = \"http://shop.example\"",
            ),
            (
                "listen = \"127.0.0.1:1\"\npublic_url = \"https://desk.example\"",
                "",
            ),
        ] {
            assert_eq!(check(desk, server), Ok(()), "{desk} {server}");
        }
        for (desk, server, key) in [
            ("", "listen = \"0.0.0.0:80\"", "desk.enabled"),
            ("", "public_url = \"http://shop.example\"", "desk.enabled"),
            (
                "listen = \"0.0.0.0:1\"",
                "public_url = \"https://shop.example\"",
                "desk.listen",
            ),
            (
                "listen = \"127.0.0.1:1\"\npublic_url = \"http://desk.example\"",
                "",
                "desk.enabled",
            ),
            (
                "public_url = \"https://desk.example\"",
                "",
                "desk.public_url",
            ),
        ] {
            let refused = check(desk, server).unwrap_err();
            assert!(refused.contains(key), "{desk} {server}: {refused}");
        }
    }
}
