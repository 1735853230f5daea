//! One of the lab's two nodes.

use std::path::Path;

use crate::{cln::Cln, link::Peer, lnd::Lnd};

/// A node of either kind.
#[derive(Debug)]
pub enum Node {
    /// Core Lightning.
    Cln(Cln),
    /// LND.
    Lnd(Lnd),
}

impl Node {
    /// The same, to look at.
    pub fn peer(&self) -> Peer<'_> {
        match self {
            Self::Cln(node) => Peer::Cln(node),
            Self::Lnd(node) => Peer::Lnd(node),
        }
    }

    /// The program's name, as its makers write it.
    pub fn software(&self) -> &'static str {
        match self {
            Self::Cln(_) => "Core Lightning",
            Self::Lnd(_) => "LND",
        }
    }

    /// What to type to run its own command-line tool.
    pub fn shell(&self) -> String {
        match self {
            Self::Cln(node) => node.shell(),
            Self::Lnd(node) => node.shell(),
        }
    }

    /// Where it keeps its wallet.
    pub fn dir(&self) -> &Path {
        match self {
            Self::Cln(node) => node.dir(),
            Self::Lnd(node) => node.dir(),
        }
    }

    pub(crate) async fn start(&mut self) -> anyhow::Result<()> {
        match self {
            Self::Cln(node) => node.start().await,
            Self::Lnd(node) => node.start().await,
        }
    }
}
