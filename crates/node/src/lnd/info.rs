//! What `GetInfo` says of the node.

use std::fmt;

use facture_domain::NodeId;
use serde::Deserialize;

use super::{
    error::{Error, malformed},
    method::Method,
};

/// The node's identity.
#[derive(Clone, Debug)]
pub struct NodeInfo {
    /// The node's public key.
    pub id: NodeId,
    /// `bitcoin`, `testnet`, `signet` or `regtest`, in lightningd's words, which are ours.
    pub network: String,
    /// Its alias.
    pub alias: String,
    /// The version of lnd.
    pub version: Version,
    /// The height of the last block that it knows.
    pub block_height: u32,
    /// Whether that is the newest.
    pub chain: ChainSync,
}

/// Whether LND knows the newest block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainSync {
    /// It does.
    Synced,
    /// Not yet: payments fail.
    Behind,
}

/// A version of lnd, such as `0.21.2-beta`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    text: String,
    numbers: (u32, u32),
}

impl Version {
    /// The oldest lnd whose calls are known to be those that are made here.
    pub const MINIMUM: &'static str = "0.18";

    const MINIMUM_NUMBERS: (u32, u32) = (0, 18);

    /// Whether it is not older than [`Version::MINIMUM`].
    pub fn is_supported(&self) -> bool {
        self.numbers >= Self::MINIMUM_NUMBERS
    }

    /// `None` when the text does not begin with two numbers.
    fn parse(text: &str) -> Option<Self> {
        // "0.21.2-beta commit=v0.21.2-beta"
        let text = text.split_whitespace().next()?;
        let mut numbers = text.split(['.', '-']).map(str::parse);
        let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else {
            return None;
        };
        Some(Self {
            text: text.to_owned(),
            numbers: (major, minor),
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What we need of the answer.
#[derive(Deserialize)]
pub(super) struct Info {
    version: String,
    identity_pubkey: String,
    alias: String,
    block_height: u32,
    synced_to_chain: bool,
    chains: Vec<Chain>,
}

#[derive(Deserialize)]
struct Chain {
    network: String,
}

impl Info {
    pub(super) fn id(&self) -> NodeId {
        NodeId::new(self.identity_pubkey.clone())
    }

    pub(super) fn into_node_info(self) -> Result<NodeInfo, Error> {
        let chain = self.chains.first();
        let chain = chain.ok_or_else(|| malformed(Method::GetInfo, "it names no network"))?;
        let network = match chain.network.as_str() {
            "mainnet" => "bitcoin",
            other => other,
        };
        Ok(NodeInfo {
            id: self.id(),
            network: network.to_owned(),
            version: Version::parse(&self.version)
                .ok_or_else(|| malformed(Method::GetInfo, "a version that is none"))?,
            alias: self.alias,
            block_height: self.block_height,
            chain: match self.synced_to_chain {
                true => ChainSync::Synced,
                false => ChainSync::Behind,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        for (text, supported) in [
            ("0.21.2-beta commit=v0.21.2-beta", true),
            ("0.18.0-beta", true),
            ("0.100.0-beta", true),
            ("1.0.0", true),
            ("0.17.5-beta", false),
            ("0.9.2", false),
        ] {
            let version = Version::parse(text).unwrap();
            assert_eq!(version.is_supported(), supported, "{text}");
        }
        assert_eq!(
            Version::parse("0.21.2-beta commit=x").unwrap().to_string(),
            "0.21.2-beta"
        );
        assert!(Version::parse("").is_none() && Version::parse("beta").is_none());
    }
}
