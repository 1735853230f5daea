//! What the server and the commands share: the store, connections to the node, and the follower.

use anyhow::{Context, anyhow};

use crate::{
    config::{AdoptLabels, Config, NodeTransport},
    sync::{Adoption, Follower, HoldRules, Rules},
};
use facture_domain::OurLabels;
use facture_node::{
    Node,
    cln::{self, Rest, RestError, Transport},
};
use facture_store::{LabelKeyFile, Lock, Store};

/// One for the follower, one for the barrier; a wait has another.
const FOLLOWER_CONNECTIONS: usize = 2;
const FOLLOWER_QUEUE: usize = 8;

/// For what anybody may ask about the node: one call at a time of each of two kinds, which all who ask share.
const READ_CONNECTIONS: usize = 2;
const READ_QUEUE: usize = 2;

/// How the configuration has the node reached.
///
/// # Errors
/// When an address, the rune or a certificate cannot be used.
pub(super) fn transport(config: &Config) -> anyhow::Result<Transport> {
    Ok(match config.node.transport()? {
        NodeTransport::Socket(rpc_file) => Transport::Socket(rpc_file),
        NodeTransport::Rest { url, rune, ca } => Transport::Rest(
            Rest::new(&url, rune, ca.as_deref()).map_err(|error| match error {
                RestError::Address => anyhow!("node.rest_url: {error}"),
                RestError::Rune => anyhow!("node.rune: {error}"),
                RestError::Tls(_) => anyhow!("node.ca_file: {error}"),
            })?,
        ),
    })
}

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
}

impl Parts {
    /// Opens the records in the locked directory and joins the parts. The lock of that directory goes with the store.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub(super) async fn new(
        config: &Config,
        lock: Lock,
        transport: Transport,
    ) -> anyhow::Result<Self> {
        if let Transport::Socket(rpc_file) = &transport {
            // A longer path would be found out at the first call only, and then at every one.
            std::os::unix::net::SocketAddr::from_pathname(rpc_file)
                .with_context(|| format!("{} cannot be a socket", rpc_file.display()))?;
        }
        let data_dir = lock.directory().to_owned();
        let store = Store::open_locked(lock).await?;
        let node = store.node().await.context("cannot read the database")?;
        let client = |connections, queue| {
            Node::Cln(cln::Client::new(cln::Options {
                transport: transport.clone(),
                deadline: config.node.deadline(),
                connections,
                queue,
                node: node.clone(),
            }))
        };
        let imported = store.charge_labels().await?;
        let key = LabelKeyFile::open(&data_dir)?;
        let prefix = config.invoice.label_prefix.clone();
        let labels = OurLabels::new(prefix, key.key().clone(), imported);
        let follower = Follower::new(
            client(FOLLOWER_CONNECTIONS, FOLLOWER_QUEUE),
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
            visitors: client(config.node.connections.size(), config.node.queue.size())
                .with_private_channels(config.invoice.expose_private_channels.clone()),
            reads: client(READ_CONNECTIONS, READ_QUEUE),
            store,
            follower,
            labels,
        })
    }
}
