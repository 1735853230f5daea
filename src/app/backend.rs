//! The node's back end, as the configuration has it.

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow};

use crate::config::{Config, NodeTransport};
use facture_domain::{LabelScheme, NodeId};
#[cfg(feature = "lnd")]
use facture_node::lnd;
use facture_node::{
    Node,
    cln::{self, Rest, RestError, Transport},
};
use facture_sandbox::Sandbox;

/// Which node, and how it is reached.
#[derive(Clone, Debug)]
pub(super) enum Backend {
    Cln(Transport),
    #[cfg(feature = "lnd")]
    Lnd(lnd::Endpoint),
}

/// How many connections a client has.
#[derive(Clone, Copy, Debug)]
pub(super) struct PoolSize {
    /// The most connections at once.
    pub(super) connections: usize,
    /// The most calls that wait for a free connection.
    pub(super) queue: usize,
}

/// For commands that ask the node a few things.
const COMMAND_POOL: PoolSize = PoolSize {
    connections: 4,
    queue: 32,
};

/// A client of the configured node, whichever node answers.
///
/// # Errors
/// When an address, the rune or a certificate cannot be used.
pub fn node(config: &Config) -> anyhow::Result<Node> {
    Ok(Backend::configured(config)?.client(config, COMMAND_POOL, None))
}

/// Whether every user of the machine may write to lightningd's socket: they may spend its money. One that is not there yet
/// is lightningd's to make.
pub fn is_open_socket(rpc_file: &Path) -> bool {
    let socket = rpc_file.metadata();
    socket.is_ok_and(|socket| socket.permissions().mode() & 0o002 != 0)
}

impl Backend {
    /// The configured one.
    ///
    /// # Errors
    /// When an address, the rune or a certificate cannot be used.
    pub(super) fn configured(config: &Config) -> anyhow::Result<Self> {
        match config.node.transport()? {
            NodeTransport::Socket(rpc_file) => Self::socket(rpc_file),
            NodeTransport::Rest { url, rune, ca } => {
                let rest = Rest::new(&url, rune, ca.as_deref()).map_err(|error| match error {
                    RestError::Address(_) => anyhow!("node.rest_url: {error}"),
                    RestError::Rune => anyhow!("node.rune: {error}"),
                    RestError::Tls(_) => anyhow!("node.ca_file: {error}"),
                })?;
                Ok(Self::Cln(Transport::Rest(rest)))
            }
            #[cfg(feature = "lnd")]
            NodeTransport::Lnd {
                url,
                tls_cert_file,
                macaroon_file,
            } => Ok(Self::Lnd(
                lnd::Endpoint::new(&url, &tls_cert_file, &macaroon_file).context("node.lnd_url")?,
            )),
            #[cfg(not(feature = "lnd"))]
            NodeTransport::Lnd { .. } => Err(anyhow!(
                "node.kind = \"lnd\": this facture was built without the cargo feature `lnd`"
            )),
        }
    }

    /// The sandbox's, with a macaroon that allows all that is ever called.
    ///
    /// # Errors
    /// When its files cannot be written, or used.
    pub(super) fn sandbox(sandbox: &Sandbox) -> anyhow::Result<Self> {
        match sandbox {
            Sandbox::Cln(node) => Self::socket(node.rpc_file().to_owned()),
            #[cfg(feature = "lnd")]
            Sandbox::Lnd(node) => {
                let uris = lnd::Method::ALL.map(lnd::Method::uri);
                let macaroon_file = node.bake("facture", uris)?;
                let (url, tls_cert_file) = (node.url().parse()?, node.certificate_file());
                let endpoint = lnd::Endpoint::new(&url, &tls_cert_file, &macaroon_file)?;
                Ok(Self::Lnd(endpoint))
            }
        }
    }

    /// lightningd by its socket.
    ///
    /// # Errors
    /// When the path cannot be a socket's. It would be found out at the first call only, and then at every one.
    pub(super) fn socket(rpc_file: PathBuf) -> anyhow::Result<Self> {
        std::os::unix::net::SocketAddr::from_pathname(&rpc_file)
            .with_context(|| format!("{} cannot be a socket", rpc_file.display()))?;
        Ok(Self::Cln(Transport::Socket(rpc_file)))
    }

    /// A client with connections of its own. `node`: who must answer.
    pub(super) fn client(&self, config: &Config, size: PoolSize, node: Option<NodeId>) -> Node {
        let deadline = config.node.deadline();
        let PoolSize { connections, queue } = size;
        match self {
            Self::Cln(transport) => Node::Cln(cln::Client::new(cln::Options {
                transport: transport.clone(),
                deadline,
                connections,
                queue,
                node,
            })),
            #[cfg(feature = "lnd")]
            Self::Lnd(endpoint) => Node::Lnd(lnd::Client::new(lnd::Options {
                endpoint: endpoint.clone(),
                deadline,
                connections,
                queue,
                node,
            })),
        }
    }

    /// Where the labels of its invoices come from.
    pub(super) fn label_scheme(&self) -> LabelScheme {
        match self {
            Self::Cln(_) => LabelScheme::Chosen,
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => LabelScheme::OfPaymentHash,
        }
    }
}
