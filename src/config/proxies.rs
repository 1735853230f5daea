//! The proxies in front of us, and how they say for whom they ask.

use std::{net::IpAddr, str::FromStr};

use ipnet::IpNet;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{error::refusal, text::list};

/// Networks of proxies that are believed. None by default: then a client is who connects.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrustedProxies(Vec<IpNet>);

/// The header in which a proxy says for whom it asks. Only one is believed: the other comes from the client, through
/// proxies that know nothing of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyHeader {
    /// `X-Forwarded-For`, a list of addresses.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl TrustedProxies {
    /// Whether a proxy at this address is believed.
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|net| net.contains(&address))
    }
}

impl FromStr for ProxyHeader {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "x-forwarded-for" => Ok(Self::XForwardedFor),
            "forwarded" => Ok(Self::Forwarded),
            _ => Err("must be \"x-forwarded-for\" or \"forwarded\""),
        }
    }
}

impl Serialize for TrustedProxies {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(ToString::to_string))
    }
}

impl<'de> Deserialize<'de> for TrustedProxies {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = |text: String| {
            let net = text
                .parse()
                .or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
            net.map_err(|_| {
                de::Error::custom(refusal(
                    &text,
                    "must be an address or a network, such as 127.0.0.1 or 10.0.0.0/8",
                ))
            })
        };
        list(deserializer)?
            .into_iter()
            .map(read)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}
