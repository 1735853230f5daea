//! Addresses on the chain: not for us, but people paste them, and should be told so.

use bitcoin::{Address, address::NetworkUnchecked};

use crate::network::Network;

/// An address on the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnchainAddress {
    text: String,
    /// The chain; test chains share the form of their old addresses.
    pub network: Network,
}

impl OnchainAddress {
    /// Reads an address with its checksum; `None` when it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        // The longest is a witness program of 40 bytes on regtest.
        if text.len() > 90 {
            return None;
        }
        let address: Address<NetworkUnchecked> = text.parse().ok()?;
        let network = match () {
            () if address.is_valid_for_network(bitcoin::Network::Bitcoin) => Network::Bitcoin,
            () if address.is_valid_for_network(bitcoin::Network::Testnet) => Network::Testnet,
            () => Network::Regtest,
        };
        Some(Self {
            text: text.to_owned(),
            network,
        })
    }

    /// The address as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}
