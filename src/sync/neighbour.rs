//! Whether another facture on this machine follows the same node with the same label prefix. Each holds a socket whose name
//! says so, in Linux's abstract namespace (unix(7)): the kernel gives a name to one process at a time, and takes it back
//! when that ends in whatever way. Nothing is ever sent to it. One on another machine is not seen by this.

use facture_domain::{LabelPrefix, NodeId};

/// What came of taking the name.
#[derive(Debug)]
pub(super) enum Neighbour {
    /// No other facture has it, on this machine. It is ours as long as this lives.
    None {
        #[cfg(target_os = "linux")]
        _held: std::os::unix::net::UnixDatagram,
    },
    /// Another facture has it.
    Present,
    /// This system cannot tell.
    Unknown,
}

impl Neighbour {
    /// Takes the name of this node and prefix.
    #[cfg(target_os = "linux")]
    pub(super) fn look(node: &NodeId, prefix: &LabelPrefix) -> Self {
        use std::{
            io,
            os::{
                linux::net::SocketAddrExt,
                unix::net::{SocketAddr, UnixDatagram},
            },
        };
        // 107 bytes at most, which is what a name may have.
        let name = format!("facture/{node}/{}", prefix.as_str());
        match SocketAddr::from_abstract_name(name).and_then(|name| UnixDatagram::bind_addr(&name)) {
            Ok(_held) => Self::None { _held },
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => Self::Present,
            Err(error) => {
                tracing::debug!(%error, "whether another facture follows this node is not known");
                Self::Unknown
            }
        }
    }

    /// Takes the name of this node and prefix.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn look(_: &NodeId, _: &LabelPrefix) -> Self {
        Self::Unknown
    }
}
