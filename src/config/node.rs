//! `[node]`: how we reach lightningd.

use std::{env, path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use super::number::Bounded;

/// `[node]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct NodeConfig {
    /// lightningd's socket (its `rpc-file`); `~/` is the home directory.
    pub rpc_file: PathBuf,
    /// How long one call to the node may take, in seconds.
    pub deadline_seconds: Bounded<1, 60>,
    /// The most connections to the node at once. lightningd queues up to 128.
    pub connections: Bounded<1, 100>,
    /// The most calls that wait for a free connection; more are told to come again.
    pub queue: Bounded<0, 100_000>,
}

impl Default for NodeConfig {
    fn default() -> Self {
        Self {
            rpc_file: PathBuf::from("~/.lightning/bitcoin/lightning-rpc"),
            deadline_seconds: Bounded::new(10),
            connections: Bounded::new(8),
            queue: Bounded::new(1000),
        }
    }
}

impl NodeConfig {
    /// The socket's path, with `~/` filled in.
    pub fn rpc_path(&self) -> PathBuf {
        match (self.rpc_file.strip_prefix("~"), env::home_dir()) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => self.rpc_file.clone(),
        }
    }

    /// The deadline as a span of time.
    pub fn deadline(&self) -> Duration {
        Duration::from_secs(self.deadline_seconds.value().into())
    }
}
