//! What the node says of itself, and how far it has started.

use serde_json::{Value, json};

use crate::node::Node;

/// The height of the chain before the first block that a test has mined.
pub(super) const FIRST_HEIGHT: u32 = 260;

/// How far LND has started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stage {
    /// It waits to become the leader of a cluster.
    Waiting,
    /// There is no wallet yet.
    NonExisting,
    /// The wallet waits for its password.
    Locked,
    /// The wallet is open; calls are not served yet.
    Starting,
    /// All calls are served, though it still has to catch up with the chain.
    RpcActive,
    /// All calls are served.
    #[default]
    Active,
}

/// What a test has changed of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Info {
    pub(super) stage: Stage,
    pub(super) version: Option<String>,
    pub(super) network: Option<String>,
    pub(super) id: Option<String>,
}

impl Stage {
    /// LND's word.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Waiting => "WAITING_TO_START",
            Self::NonExisting => "NON_EXISTING",
            Self::Locked => "LOCKED",
            Self::Starting => "UNLOCKED",
            Self::RpcActive => "RPC_ACTIVE",
            Self::Active => "SERVER_ACTIVE",
        }
    }

    /// Why calls are refused; `None` when they are not.
    pub(super) fn refusal(self) -> Option<&'static str> {
        match self {
            Self::Waiting => Some("waiting to start, RPC services not available"),
            Self::NonExisting => Some("wallet not created, create one to enable full RPC access"),
            Self::Locked => Some("wallet locked, unlock it to enable full RPC access"),
            Self::Starting => Some(
                "the RPC server is in the process of starting up, but not yet ready to accept calls",
            ),
            Self::RpcActive | Self::Active => None,
        }
    }
}

impl Info {
    /// The answer of `GetInfo`.
    pub(super) fn to_json(&self, node: &Node, height: u32) -> Value {
        let behind = node.liquidity().syncing.is_some() || self.stage == Stage::RpcActive;
        let or = |changed: &Option<String>, usual: &str| {
            changed.clone().unwrap_or_else(|| usual.to_owned())
        };
        json!({
            "version": or(&self.version, "0.21.2-beta commit=v0.21.2-beta"),
            "commit_hash": "",
            "identity_pubkey": or(&self.id, &node.id()),
            "alias": "sandbox",
            "color": "#3399ff",
            "num_pending_channels": 0,
            "num_active_channels": 1,
            "num_inactive_channels": 0,
            "num_peers": 1,
            "block_height": height,
            "block_hash": "29ca92192f6eaa851202b14159d0c5bf5329146c116540df2ec4933ee975e341",
            "best_header_timestamp": node.clock.now().as_secs().to_string(),
            "synced_to_chain": !behind,
            "synced_to_graph": true,
            "testnet": false,
            "chains": [{ "chain": "bitcoin", "network": or(&self.network, "regtest") }],
            "uris": [],
            "features": {},
            "require_htlc_interceptor": false,
            "store_final_htlc_resolutions": false,
            "wallet_synced": !behind,
            "graph_cache_status": "GRAPH_CACHE_STATUS_LOADED",
        })
    }
}
