//! Two private Unix sockets in the data directory, both their owner's alone: a client must be the owner or root.
//!
//! `control.sock` is how commands reach a running server, by HTTP. One process has the records open (the store locks them),
//! so that there is one cache and one writer: a command asks the server where one runs, and opens the records itself only
//! where none does.
//!
//! `api.sock` is the API, with its tokens, for programs beside the server, such as a payer. Why it is another socket is in
//! `docs/decisions/2026-11-28-api-socket.md`.

mod api;
mod client;
mod failure;
mod private_socket;
mod server;
mod socket_path;
mod status;
mod users;
mod wire;

use std::{io, path::Path, time::Duration};

use tokio::time::{Instant, sleep};

pub use self::{
    api::ApiError,
    client::{Client, ClientError},
    private_socket::PrivateSocket,
    server::Server,
    socket_path::SocketName,
    status::{ArrivedBy, ArrivedVisit, NodeLink, PayerPresence, ServerStatus, WebhookStatus},
    wire::{DeskUser, IssuedToken},
};
use facture_store::{Error as StoreError, Lock};

/// Who has the records.
#[derive(Debug)]
pub enum Records {
    /// A server, which can be asked.
    Served(Client),
    /// Nobody, and nobody else as long as this is held: open the store with it.
    Free(Lock),
}

/// Why they cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReachError {
    /// The records.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Somebody has them and does not answer.
    #[error(
        "another facture uses the data directory, and its socket {path} cannot be used: {source}"
    )]
    Silent {
        /// The socket.
        path: String,
        /// Why.
        source: io::Error,
    },
}

/// How long a server that starts or ends, or another command, is waited for.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(15);

/// The pause between two attempts to take the records.
const RETRY_DELAY: Duration = Duration::from_millis(20);

/// How long a server waits for a command that has the records, before it gives up.
const SERVER_TIMEOUT: Duration = Duration::from_secs(3);

/// Takes the records for a server. A command that has them for a moment is waited for, another server is not.
///
/// # Errors
/// [`StoreError::InUse`] when somebody else has them.
pub async fn take(directory: &Path) -> Result<Lock, StoreError> {
    match reach_within(directory, SERVER_TIMEOUT).await {
        Ok(Records::Free(lock)) => Ok(lock),
        Ok(Records::Served(_)) | Err(ReachError::Silent { .. }) => Err(StoreError::InUse {
            directory: directory.to_owned(),
        }),
        Err(ReachError::Store(error)) => Err(error),
    }
}

/// Connects to the server that has a data directory.
///
/// # Errors
/// When there is none.
pub async fn connect(directory: &Path) -> io::Result<Client> {
    Client::connect(directory).await
}

/// Finds out who has the records in a data directory. A server that is about to start or end is waited for.
///
/// # Errors
/// [`ReachError`].
pub async fn reach(directory: &Path) -> Result<Records, ReachError> {
    reach_within(directory, COMMAND_TIMEOUT).await
}

async fn reach_within(directory: &Path, timeout: Duration) -> Result<Records, ReachError> {
    let deadline = Instant::now() + timeout;
    loop {
        let silent = match Client::connect(directory).await {
            Ok(client) => return Ok(Records::Served(client)),
            Err(error) => error,
        };
        match Lock::take(directory) {
            Ok(lock) => return Ok(Records::Free(lock)),
            Err(StoreError::InUse { .. }) if Instant::now() < deadline => sleep(RETRY_DELAY).await,
            Err(StoreError::InUse { .. }) => {
                return Err(ReachError::Silent {
                    path: socket_path::path(directory, SocketName::Control)
                        .display()
                        .to_string(),
                    source: silent,
                });
            }
            Err(error) => return Err(error.into()),
        }
    }
}
