//! `[limits]`: how much strangers may do, each and all together. 0 is no limit.

use serde::{Deserialize, Serialize};

use super::number::Bounded;

/// `[limits]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsConfig {
    /// How many invoices a client without a token may make in a minute: an IPv4 address or an IPv6 /64.
    pub invoices_per_client_per_minute: Bounded<0, 1_000_000>,
    /// The same for all of them together.
    pub invoices_per_minute: Bounded<0, 1_000_000>,
    /// With so many unpaid invoices on the node, only callers with a token make more.
    pub unpaid_invoices: Bounded<0, 1_000_000_000>,
    /// The most connections at once.
    pub connections: Bounded<0, 1_000_000>,
    /// The most connections of one client, unless it is a trusted proxy.
    pub connections_per_client: Bounded<0, 1_000_000>,
    /// The most event streams, long polls and WebSockets at once.
    pub streams: Bounded<0, 1_000_000>,
    /// The same of one client.
    pub streams_per_client: Bounded<0, 1_000_000>,
    /// The most memory for bodies of requests that are being received, in MiB: half for strangers', half for callers'.
    pub body_memory_mib: Bounded<0, 65_536>,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            invoices_per_client_per_minute: Bounded::new(60),
            invoices_per_minute: Bounded::new(1000),
            unpaid_invoices: Bounded::new(20_000),
            connections: Bounded::new(20_000),
            connections_per_client: Bounded::new(2000),
            streams: Bounded::new(15_000),
            streams_per_client: Bounded::new(500),
            body_memory_mib: Bounded::new(64),
        }
    }
}

impl LimitsConfig {
    /// The memory for bodies, in bytes; 0: without limit.
    pub fn body_memory(&self) -> usize {
        self.body_memory_mib.size().saturating_mul(1024 * 1024)
    }
}
