//! Free ports of this machine's loopback address.

use std::net::{Ipv4Addr, TcpListener};

/// Ports that were free a moment ago, each different: all are bound before the first is let go.
///
/// # Errors
/// That there is none.
pub fn free_ports<const N: usize>() -> anyhow::Result<[u16; N]> {
    let mut bound = Vec::with_capacity(N);
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        *port = listener.local_addr()?.port();
        bound.push(listener);
    }
    Ok(ports)
}

/// Whether a program could listen on it now.
pub(crate) fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}
