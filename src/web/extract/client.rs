//! The client of a request, identified by address: the peer of the connection, or the address given by a trusted proxy.

use std::{
    convert::Infallible,
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, Once},
};

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, HeaderName, header, request::Parts},
};
use serde::Serialize;

use crate::config::{ProxyHeader, ServerConfig, TrustedProxies};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The peer of a connection. `fast_path/replay.rs` adds it to every request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// One client: an IPv4 address, or the /64 of an IPv6 address, the smallest block that a customer gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Client(IpAddr);

/// By which way a request arrived, as far as it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Way {
    /// Nothing says that there was a proxy.
    Direct,
    /// A trusted proxy, which named its client.
    TrustedProxy,
    /// A trusted proxy, which did not name its client.
    SilentProxy,
    /// A proxy that is not trusted.
    UntrustedProxy,
}

/// The proxies trusted to name their clients. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Proxies {
    trusted: Arc<TrustedProxies>,
    header: ProxyHeader,
}

impl Client {
    /// The client that sent this request.
    pub(crate) fn of(proxies: &Proxies, parts: &Parts) -> Self {
        proxies.client(Self::peer(parts), &parts.headers)
    }

    /// Who connected: the client itself, or the nearest proxy.
    pub(crate) fn peer(parts: &Parts) -> IpAddr {
        let peer = parts.extensions.get::<Peer>();
        // Every request arrives over a connection.
        let Peer(peer) = peer.copied().unwrap_or(Peer(Ipv4Addr::UNSPECIFIED.into()));
        peer
    }

    pub(crate) fn at(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                let network = u128::from(address) >> 64 << 64;
                IpAddr::V6(Ipv6Addr::from(network))
            }
        })
    }
}

/// The address, or the network's first one.
impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Proxies {
    pub(crate) fn new(config: &ServerConfig) -> Self {
        Self {
            trusted: Arc::new(config.trusted_proxies.clone()),
            header: config.proxy_header,
        }
    }

    /// Whether this address may have many clients behind it.
    pub(crate) fn contain(&self, address: IpAddr) -> bool {
        self.trusted.contain(address)
    }

    /// By which way a request arrived.
    pub(crate) fn way(&self, parts: &Parts) -> Way {
        let is_trusted = self.contain(Client::peer(parts));
        let nearest = self.hops(&parts.headers).next();
        match (is_trusted, nearest) {
            (true, Some(Some(_))) => Way::TrustedProxy,
            (true, _) => Way::SilentProxy,
            (false, Some(_)) => Way::UntrustedProxy,
            (false, None) => Way::Direct,
        }
    }

    /// The last address before those of trusted proxies. Anything beyond it was claimed by that client, or by nobody we
    /// trust. If an entry cannot be parsed, the proxy that passed it on is the client.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Client {
        let mut nearest = peer;
        if !self.contain(nearest) {
            if nearest.is_loopback() && self.hops(headers).next().is_some() {
                warn_of_proxy();
            }
            return Client::at(nearest);
        }
        for hop in self.hops(headers) {
            let Some(address) = hop else { break };
            nearest = address;
            if !self.contain(nearest) {
                break;
            }
        }
        Client::at(nearest)
    }

    /// The addresses in the header, nearest first. Several lines form one list.
    fn hops<'a>(&self, headers: &'a HeaderMap) -> Box<dyn Iterator<Item = Option<IpAddr>> + 'a> {
        let lines = |name| {
            let lines = headers.get_all(name).iter().rev();
            lines.map(|line| line.to_str().unwrap_or_default())
        };
        match self.header {
            ProxyHeader::XForwardedFor => {
                let hops = lines(X_FORWARDED_FOR).flat_map(|line| line.rsplit(','));
                Box::new(hops.map(|hop| address(hop.trim())))
            }
            ProxyHeader::Forwarded => {
                let hops = lines(header::FORWARDED).flat_map(|line| rfc7239::parse(line).rev());
                Box::new(hops.map(|hop| hop.ok()?.forwarded_for?.ip().copied()))
            }
        }
    }
}

/// Warns once. A client on this machine that forwards for others is almost certainly a proxy, and all its visitors
/// share one client's limits.
fn warn_of_proxy() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing::warn!(
            "a proxy seems to stand in front: without server.trusted_proxies its visitors are one client to [limits]"
        );
    });
}

/// Some proxies add the port.
fn address(text: &str) -> Option<IpAddr> {
    let plain = text.parse().ok();
    plain.or_else(|| {
        text.parse()
            .ok()
            .map(|with_port: SocketAddr| with_port.ip())
    })
}

impl<S> FromRequestParts<S> for Client
where
    Proxies: FromRef<S>,
    S: Sync,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&Proxies::from_ref(state), parts))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn proxies(header: &str) -> Proxies {
        let text = format!(
            "trusted_proxies = [\"127.0.0.1\", \"10.0.0.0/8\", \"fd00::/8\"]\nproxy_header = \"{header}\""
        );
        Proxies::new(&toml::from_str(&text).unwrap())
    }

    fn client(proxies: &Proxies, peer: &str, lines: &[(&'static str, &str)]) -> IpAddr {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        proxies.client(peer.parse().unwrap(), &headers).0
    }

    #[test]
    fn a_client_is_a_v4_address_or_a_v6_network() {
        let at = |text: &str| Client::at(text.parse().unwrap());
        assert_eq!(at("::ffff:192.0.2.1"), at("192.0.2.1"));
        assert_ne!(at("192.0.2.2"), at("192.0.2.1"));
        assert_eq!(at("2001:db8::1"), at("2001:db8::ffff:0:0:1"));
        assert_ne!(at("2001:db8::1"), at("2001:db8:0:1::1"));
    }

    #[test]
    fn only_trusted_proxies_are_believed_and_only_in_their_header() {
        for (header, peer, lines, expected) in [
            (
                "x-forwarded-for",
                "192.0.2.1",
                vec![("x-forwarded-for", "8.8.8.8")],
                "192.0.2.1",
            ),
            ("x-forwarded-for", "127.0.0.1", vec![], "127.0.0.1"),
            (
                "x-forwarded-for",
                "::ffff:127.0.0.1",
                vec![("x-forwarded-for", "8.8.8.8")],
                "8.8.8.8",
            ),
            (
                "x-forwarded-for",
                "127.0.0.1",
                vec![("forwarded", "for=8.8.8.8")],
                "127.0.0.1",
            ),
            (
                "x-forwarded-for",
                "127.0.0.1",
                vec![("x-forwarded-for", "1.1.1.1, 8.8.8.8, 10.0.0.7")],
                "8.8.8.8",
            ),
            // Several lines; ports; the client's own claim on the left.
            (
                "x-forwarded-for",
                "127.0.0.1",
                vec![
                    ("x-forwarded-for", "10.0.0.9"),
                    ("x-forwarded-for", "8.8.8.8:4711,10.1.1.1"),
                ],
                "8.8.8.8",
            ),
            (
                "x-forwarded-for",
                "127.0.0.1",
                vec![("x-forwarded-for", "[2001:db8::5]:80")],
                "2001:db8::",
            ),
            // All are trusted: the farthest counts.
            (
                "x-forwarded-for",
                "127.0.0.1",
                vec![("x-forwarded-for", "10.0.0.9, 10.0.0.8")],
                "10.0.0.9",
            ),
            // Unparsable entries.
            (
                "x-forwarded-for",
                "127.0.0.1",
                vec![("x-forwarded-for", "8.8.8.8, unknown, 10.0.0.8")],
                "10.0.0.8",
            ),
            (
                "x-forwarded-for",
                "127.0.0.1",
                vec![("x-forwarded-for", "")],
                "127.0.0.1",
            ),
            (
                "x-forwarded-for",
                "127.0.0.1",
                vec![("x-forwarded-for", "8.8.8.8\u{e9}")],
                "127.0.0.1",
            ),
            (
                "forwarded",
                "127.0.0.1",
                vec![("x-forwarded-for", "8.8.8.8")],
                "127.0.0.1",
            ),
            (
                "forwarded",
                "127.0.0.1",
                vec![(
                    "forwarded",
                    "for=1.1.1.1, For=\"[2001:db8::5]:4711\";proto=https, for=10.0.0.7",
                )],
                "2001:db8::",
            ),
            (
                "forwarded",
                "127.0.0.1",
                vec![
                    ("forwarded", "for=8.8.8.8;by=10.0.0.1"),
                    ("forwarded", "by=10.0.0.2"),
                ],
                "127.0.0.1",
            ),
            (
                "forwarded",
                "127.0.0.1",
                vec![("forwarded", "for=_hidden")],
                "127.0.0.1",
            ),
            // An unclosed quote from the client does not swallow what the proxy adds.
            (
                "forwarded",
                "127.0.0.1",
                vec![("forwarded", "for=\"1.1.1.1, for=8.8.8.8")],
                "8.8.8.8",
            ),
        ] {
            let found = client(&proxies(header), peer, &lines);
            assert_eq!(
                found,
                expected.parse::<IpAddr>().unwrap(),
                "{header} {peer} {lines:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn whatever_a_client_claims_the_address_that_the_proxy_saw_counts(
            claim in "[ -~]{0,60}", seen in any::<u32>(), header in prop::sample::select(vec!["x-forwarded-for", "forwarded"]),
        ) {
            let seen = Ipv4Addr::from(seen);
            prop_assume!(!proxies(header).contain(seen.into()));
            let added = match header {
                "forwarded" => format!("for={seen}"),
                _ => seen.to_string(),
            };
            for lines in [
                vec![(header, format!("{claim}, {added}"))],
                vec![(header, claim.clone()), (header, added)],
            ] {
                let lines: Vec<_> = lines.iter().map(|(name, value)| (*name, value.as_str())).collect();
                prop_assert_eq!(client(&proxies(header), "127.0.0.1", &lines), seen);
            }
        }

        #[test]
        fn nothing_makes_it_panic(value in prop::collection::vec(1_u8..=255, 0..80)) {
            let Ok(value) = HeaderValue::from_bytes(&value) else { return Ok(()) };
            for header in ["x-forwarded-for", "forwarded"] {
                let mut headers = HeaderMap::new();
                headers.append(header, value.clone());
                proxies(header).client(Ipv4Addr::LOCALHOST.into(), &headers);
            }
        }
    }
}
