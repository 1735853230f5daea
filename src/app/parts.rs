//! What the server and the commands share: the store, connections to the node, and the follower.

use anyhow::Context;

use super::{
    backend::{Backend, PoolSize},
    records,
};
use crate::{
    config::{AdoptLabels, Config},
    sync::{Adoption, Follower, HoldRules, Rules},
};
use facture_domain::{LabelKey, OurLabels};
use facture_node::Node;
use facture_store::{LabelKeyFile, Lock, Store};

/// One for the follower, one for the barrier; a wait has another.
const FOLLOWER_POOL: PoolSize = PoolSize {
    connections: 2,
    queue: 8,
};

/// For what anybody may ask about the node: one call at a time of each of two kinds, which all who ask share.
const READ_POOL: PoolSize = PoolSize {
    connections: 2,
    queue: 2,
};

/// What the server and the commands that do something once are made of.
pub(super) struct Parts {
    pub(super) store: Store,
    /// For the invoices that visitors make and cancel. The follower has connections of its own: no crowd keeps the news
    /// waiting.
    pub(super) visitors: Node,
    /// For what anybody may ask about the node: no crowd keeps new invoices waiting.
    pub(super) reads: Node,
    pub(super) follower: Follower,
    pub(super) labels: OurLabels,
    pub(super) label_key: LabelKey,
}

impl Parts {
    /// Opens the records in the locked directory and joins the parts. The lock of that directory goes with the store.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub(super) async fn new(
        config: &Config,
        lock: Lock,
        backend: &Backend,
    ) -> anyhow::Result<Self> {
        let data_dir = lock.directory().to_owned();
        let store = records::open(&config.store, lock).await?;
        let node = store.node().await.context("cannot read the database")?;
        let client = |size| backend.client(config, size, node.clone());
        let imported = store.charge_labels().await?;
        let key = LabelKeyFile::open(&data_dir)?;
        let label_key = key.key().clone();
        let prefix = config.invoice.label_prefix.clone();
        let labels = OurLabels::new(prefix, label_key.clone(), backend.label_scheme(), imported);
        let follower = Follower::new(
            client(FOLLOWER_POOL),
            store.clone(),
            Rules {
                labels: labels.clone(),
                key,
                adoption: match config.invoice.adopt_labels {
                    AdoptLabels::Auto => Adoption::Auto,
                    AdoptLabels::Own => Adoption::Own,
                    AdoptLabels::Prefix => Adoption::Prefix,
                },
                prune_after: config.invoice.prune_after(),
                forget_after: config.invoice.forget_after(),
                hold: HoldRules {
                    deadline: config.hold.deadline(),
                    warning_blocks: config.hold.warning_blocks.value(),
                },
            },
        );
        Ok(Self {
            visitors: client(PoolSize {
                connections: config.node.connections.size(),
                queue: config.node.queue.size(),
            })
            .with_private_channels(config.invoice.expose_private_channels.clone()),
            reads: client(READ_POOL),
            store,
            follower,
            labels,
            label_key,
        })
    }
}
