//! Which addresses may be connected to on behalf of others: those of the public internet, unless the owner allows others.
//! Otherwise those who may name an address could make this machine call what only it can reach (SSRF).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// Which addresses may be connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowedAddresses {
    /// Those of the public internet, but not this machine's own.
    Public,
    /// The same, and the loopback: for the sandbox, which has nothing that anybody could reach.
    PublicAndLoopback,
    /// All: for shops on the same machine or network.
    Any,
}

/// Which addresses may be connected to, by machines that have addresses of their own.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    pub(super) allowed: AllowedAddresses,
    /// The addresses of this machine.
    pub(super) own: fn() -> Vec<IpAddr>,
}

impl Policy {
    /// Of this machine.
    pub fn new(allowed: AllowedAddresses) -> Self {
        Self {
            allowed,
            own: own_addresses,
        }
    }

    /// Whether this address may be connected to. Which ones the machine has is asked each time: they come and go.
    pub fn allows(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        match self.allowed {
            AllowedAddresses::Any => true,
            AllowedAddresses::PublicAndLoopback if address.is_loopback() => true,
            AllowedAddresses::Public | AllowedAddresses::PublicAndLoopback => {
                is_public(address) && !(self.own)().contains(&address)
            }
        }
    }
}

fn own_addresses() -> Vec<IpAddr> {
    match if_addrs::get_if_addrs() {
        Ok(interfaces) => interfaces.iter().map(if_addrs::Interface::ip).collect(),
        Err(error) => {
            tracing::warn!(%error, "the addresses of this machine cannot be listed");
            Vec::new()
        }
    }
}

/// What is not on the public internet: IANA's IPv4 Special-Purpose Address Registry, multicast, and one more.
const NOT_PUBLIC: &[Ipv4Net] = &[
    v4([0, 0, 0, 0], 8),
    v4([10, 0, 0, 0], 8),
    v4([100, 64, 0, 0], 10),
    v4([127, 0, 0, 0], 8),
    // Azure's metadata service, at an address that belongs to the public internet.
    v4([168, 63, 129, 16], 32),
    // Link-local; the other clouds' metadata services.
    v4([169, 254, 0, 0], 16),
    v4([172, 16, 0, 0], 12),
    v4([192, 0, 0, 0], 24),
    v4([192, 0, 2, 0], 24),
    // Relays of 6to4.
    v4([192, 88, 99, 0], 24),
    v4([192, 168, 0, 0], 16),
    v4([198, 18, 0, 0], 15),
    v4([198, 51, 100, 0], 24),
    v4([203, 0, 113, 0], 24),
    v4([224, 0, 0, 0], 4),
    v4([240, 0, 0, 0], 4),
];

/// All that is handed out of IPv6 so far. Loopback, link-local, unique local, multicast and the like are outside.
const UNICAST: Ipv6Net = v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// What is not on the public internet inside of it: IANA's IPv6 Special-Purpose Address Registry.
const NOT_PUBLIC_V6: &[Ipv6Net] = &[
    // Protocols: Teredo, which holds an IPv4 address, benchmarking, ORCHID.
    v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    v6([0x2001, 0x0db8, 0, 0, 0, 0, 0, 0], 32),
    // 6to4, which holds an IPv4 address.
    v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16),
    v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
];

/// Translation to IPv4 (RFC 6052), the only way there from a network without it.
const NAT64: Ipv6Net = v6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96);

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !NOT_PUBLIC.iter().any(|net| net.contains(&address))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    if NAT64.contains(&address) {
        let [.., a, b, c, d] = address.octets();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    UNICAST.contains(&address) && !NOT_PUBLIC_V6.iter().any(|net| net.contains(&address))
}

const fn v4([a, b, c, d]: [u8; 4], prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6([a, b, c, d, e, f, g, h]: [u16; 8], prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, e, f, g, h), prefix)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn policy(allowed: AllowedAddresses) -> Policy {
        let own = || vec!["8.8.4.4".parse().unwrap(), "2a00::4".parse().unwrap()];
        Policy { allowed, own }
    }

    fn public(text: &str) -> bool {
        policy(AllowedAddresses::Public).allows(text.parse().unwrap())
    }

    #[test]
    fn this_machines_own_addresses_are_refused_wherever_they_are() {
        for address in ["8.8.4.4", "2a00::4", "::ffff:8.8.4.4"] {
            assert!(!public(address), "{address}");
            let address = address.parse().unwrap();
            assert!(!policy(AllowedAddresses::PublicAndLoopback).allows(address));
            assert!(policy(AllowedAddresses::Any).allows(address));
        }
        assert!(public("8.8.4.5") && public("2a00::5"));
    }

    #[test]
    fn the_interfaces_of_this_machine_are_its_own() {
        let own = own_addresses();
        assert!(own.contains(&Ipv4Addr::LOCALHOST.into()), "{own:?}");
    }

    #[test]
    fn the_loopback_alone_can_be_allowed() {
        let allows =
            |text: &str| policy(AllowedAddresses::PublicAndLoopback).allows(text.parse().unwrap());
        for address in [
            "127.0.0.1",
            "127.8.8.8",
            "::1",
            "::ffff:127.0.0.1",
            "1.1.1.1",
        ] {
            assert!(allows(address), "{address}");
        }
        for address in [
            "10.0.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "fd00::1",
        ] {
            assert!(!allows(address), "{address}");
        }
    }

    #[test]
    fn the_public_internet_is_allowed() {
        for address in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2a00::1",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
        ] {
            assert!(public(address), "{address}");
        }
    }

    #[test]
    fn what_only_this_machine_or_network_can_reach_is_refused() {
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::10.0.0.1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:10::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!public(address), "{address}");
            assert!(
                policy(AllowedAddresses::Any).allows(address.parse().unwrap()),
                "{address}"
            );
        }
    }

    proptest! {
        #[test]
        fn what_the_standard_library_knows_to_be_private_is_refused(number in any::<u32>()) {
            let address = Ipv4Addr::from(number);
            if is_public_v4(address) {
                prop_assert!(
                    !(address.is_private() || address.is_loopback() || address.is_link_local() || address.is_multicast()
                        || address.is_unspecified() || address.is_broadcast() || address.is_documentation())
                );
            }
        }

        #[test]
        fn an_embedded_address_is_judged_as_itself(number in any::<u32>()) {
            let address = Ipv4Addr::from(number);
            prop_assert_eq!(is_public_v6(address.to_ipv6_mapped()), is_public_v4(address));
            prop_assert!(!is_public_v6(address.to_ipv6_compatible()));
        }

        #[test]
        fn private_ranges_are_refused_whole(a in 16_u8..32, b in any::<u8>(), c in any::<u8>(), low in any::<u64>()) {
            for address in [
                Ipv4Addr::new(10, a, b, c),
                Ipv4Addr::new(127, a, b, c),
                Ipv4Addr::new(172, a, b, c),
                Ipv4Addr::new(192, 168, b, c),
                Ipv4Addr::new(169, 254, b, c),
                Ipv4Addr::new(100, 64 + a, b, c),
            ] {
                prop_assert!(!is_public_v4(address), "{}", address);
            }
            for high in [0xfc00_u16, 0xfd00, 0xfe80, 0xff02, 0x2002] {
                let address = Ipv6Addr::from((u128::from(high) << 112) | u128::from(low));
                prop_assert!(!is_public_v6(address), "{}", address);
            }
        }
    }
}
