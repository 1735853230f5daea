//! A Unix socket in the data directory, for programs of its owner.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::Path,
};

use axum::{Router, serve::Listener};
use tokio::net::{UnixListener, UnixStream, unix::SocketAddr};
use tokio_util::sync::CancellationToken;

use super::socket_path::{SocketName, SocketPath};

/// The socket, before anybody is answered. Its maker has the directory's lock.
#[derive(Debug)]
pub struct PrivateSocket {
    listener: Owners,
    socket: SocketPath,
}

/// Connections of the socket's owner and of root, and of nobody else.
#[derive(Debug)]
struct Owners(UnixListener);

/// The number of root.
const ROOT: u32 = 0;

impl PrivateSocket {
    /// Listens in this data directory. What an earlier server left there is removed.
    ///
    /// # Errors
    /// When the socket cannot be made.
    pub fn open(directory: &Path, name: SocketName) -> io::Result<Self> {
        let socket = SocketPath::of(directory, name)?;
        match fs::remove_file(&socket.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&socket.path)?;
        fs::set_permissions(&socket.path, Permissions::from_mode(0o600))?;
        Ok(Self {
            listener: Owners(listener),
            socket,
        })
    }

    /// Answers by these routes until `stopping` is cancelled; then the socket is gone.
    pub async fn serve(self, routes: Router, stopping: CancellationToken) {
        let served =
            axum::serve(self.listener, routes).with_graceful_shutdown(stopping.cancelled_owned());
        // It never fails.
        let _ = served.await;
        let _ = fs::remove_file(&self.socket.path);
    }
}

impl Listener for Owners {
    type Io = UnixStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (UnixStream, SocketAddr) {
        let us = rustix::process::geteuid().as_raw();
        loop {
            // It waits a moment after an error.
            let (stream, address) = Listener::accept(&mut self.0).await;
            match stream.peer_cred() {
                Ok(peer) if [us, ROOT].contains(&peer.uid()) => return (stream, address),
                _ => tracing::warn!("somebody else than the owner tried a private socket"),
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}
