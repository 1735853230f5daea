//! What `GetInfo` says of the node.

use facture_domain::NodeId;
use serde::Deserialize;

use super::{
    error::{Error, malformed},
    method::Method,
    version::Version,
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
