//! Where the address of a webhook leads, as it is written.

use std::net::{IpAddr, Ipv4Addr};

use url::Host;

use facture_domain::HookUrl;
use facture_runtime::guard::is_onion;

/// Where the address of a webhook leads, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Destination<'a> {
    /// A number, or a name that stands for one on every machine: no resolver is asked.
    Address(IpAddr),
    /// A name of Tor's network, which no resolver may be asked for (RFC 7686).
    Onion,
    /// A name.
    Name(&'a str),
}

impl<'a> Destination<'a> {
    pub(super) fn of(url: &'a HookUrl) -> Self {
        match url.host() {
            Some(Host::Ipv4(address)) => Self::Address(address.into()),
            Some(Host::Ipv6(address)) => Self::Address(address.into()),
            Some(Host::Domain(name)) => Self::named(name),
            None => Self::Name(""),
        }
    }

    /// Of a name, as addresses of the WHATWG's have it: in lower case.
    pub(super) fn named(name: &'a str) -> Self {
        let whole = name.strip_suffix('.').unwrap_or(name);
        let last = whole.rsplit('.').next();
        match last {
            _ if is_onion(name) => Self::Onion,
            // RFC 6761 §6.3.
            Some("localhost") => Self::Address(Ipv4Addr::LOCALHOST.into()),
            _ => Self::Name(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_need_no_resolver_are_known() {
        let loopback = Destination::Address(Ipv4Addr::LOCALHOST.into());
        for (name, place) in [
            ("localhost", loopback),
            ("localhost.", loopback),
            ("shop.localhost", loopback),
            ("abc.onion", Destination::Onion),
            ("abc.onion.", Destination::Onion),
            ("onion.example", Destination::Name("onion.example")),
            ("localhost.example", Destination::Name("localhost.example")),
        ] {
            assert_eq!(Destination::named(name), place, "{name}");
        }
    }
}
