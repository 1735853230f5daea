//! The listening socket: bound so that nobody else can ever open it, never in place of anything but a dead socket.
//! What is said on a connection is `connection`'s work.

use std::fs::{self, Permissions};
use std::io::{self, ErrorKind};
use std::net::Shutdown;
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::UnixStream as AnySocket;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{UnixListener, UnixStream};

use super::connection;
use super::node::Node;

/// Between two attempts to accept a connection, when the first failed.
const PAUSE: Duration = Duration::from_millis(50);

/// A socket that is listened on until this is dropped, and not a moment longer.
#[derive(Debug)]
struct Listener(UnixListener);

impl Drop for Listener {
    fn drop(&mut self) {
        // Closing is not enough: a process that is just being started has a copy of the descriptor until it runs.
        if let Ok(copy) = self.0.as_fd().try_clone_to_owned() {
            drop(AnySocket::from(copy).shutdown(Shutdown::Both));
        }
    }
}

/// Binds the socket with mode 0600 from the moment it exists.
///
/// # Errors
/// `AddrInUse` when somebody listens there, `AlreadyExists` when something other than a socket is there, and what
/// the file system says.
async fn bind(rpc_file: &Path) -> io::Result<Listener> {
    clear(rpc_file).await?;
    // Bound in a private directory, restricted, and only then given its name. A hard link never replaces anything.
    let directory = match rpc_file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let private = tempfile::Builder::new()
        .prefix(".")
        .rand_bytes(4)
        .tempdir_in(directory)?;
    let hidden = private.path().join("s");
    let listener = UnixListener::bind(&hidden)?;
    fs::set_permissions(&hidden, Permissions::from_mode(0o600))?;
    fs::hard_link(&hidden, rpc_file)?;
    Ok(Listener(listener))
}

/// Listens on the node's socket, until [`Node::deafen`].
///
/// # Errors
/// As [`bind`].
pub(super) async fn listen(node: &Arc<Node>) -> io::Result<()> {
    let listener = bind(node.rpc_file()).await?;
    node.spawn_listener(serve(listener, Arc::clone(node)));
    Ok(())
}

/// Accepts connections for ever.
async fn serve(listener: Listener, node: Arc<Node>) {
    loop {
        match listener.0.accept().await {
            Ok((stream, _)) => node.spawn_connection(connection::run(stream, Arc::clone(&node))),
            // Out of file descriptors, for instance: that takes a while to pass.
            Err(error) => {
                tracing::warn!(%error, "sandbox: cannot accept a connection");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Takes a dead socket away.
async fn clear(rpc_file: &Path) -> io::Result<()> {
    let there = match fs::symlink_metadata(rpc_file) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if !there.file_type().is_socket() {
        return Err(io::Error::new(
            ErrorKind::AlreadyExists,
            "there is a file that is not a socket",
        ));
    }
    match UnixStream::connect(rpc_file).await {
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => fs::remove_file(rpc_file),
        Err(error) if error.kind() != ErrorKind::WouldBlock => Err(error),
        // A full queue (WouldBlock) has somebody behind it, too.
        Ok(_) | Err(_) => Err(io::Error::new(
            ErrorKind::AddrInUse,
            "somebody listens on this socket",
        )),
    }
}
