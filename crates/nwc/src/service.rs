//! The service: its parts, wired together.

use std::{
    collections::BTreeSet,
    fs::{DirBuilder, File, TryLockError},
    io,
    os::unix::fs::DirBuilderExt,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use facture_runtime::secret_file::{home, secret};
use facture_sidecar::{ConfigError, Cursor, Server};
use nostr::types::RelayUrl;
use tokio::{
    sync::{mpsc, watch},
    time::interval,
};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use crate::{
    act::Actor,
    answered::Answered,
    config::Config,
    connection::Connection,
    directory::Directory,
    error::NwcError,
    notifications::Notifications,
    relay::{Dialer, Pool, Watched},
    requests::{self, AHEAD, Requests},
};

/// How many requests may wait.
const INBOX: usize = 256;

/// How often the directory of connections is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// What answers the clients of all connections.
pub struct Service {
    config: Config,
    server: Arc<Server>,
    directory: Directory,
    connections: Vec<Connection>,
    answered: Answered,
    cursor: Cursor,
    dialer: Dialer,
    /// One service at a time: two would answer everything twice.
    _lock: File,
}

impl Service {
    /// Reads the secrets and what is in the directory of the service.
    ///
    /// # Errors
    /// [`NwcError`].
    pub fn open(config: Config) -> Result<Self, NwcError> {
        let wrong = |error: &dyn std::fmt::Display| ConfigError::wrong("server.token_file", error);
        let token = secret(&config.server.token_file).map_err(|error| wrong(&error))?;
        let server = Server::new(&home(&config.server.socket), &token);
        let server = server.map_err(|error| wrong(&error))?;
        let state = home(&config.state_dir);
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&state)?;
        let lock = lock(&state)?;
        let directory = Directory::open(&state)?;
        let keep = config.limits.max_age() + AHEAD;
        Ok(Self {
            dialer: Dialer::new(&config.relays)?,
            server: Arc::new(server),
            connections: directory.list()?,
            directory,
            answered: Answered::open(&state.join("answered"), keep)?,
            cursor: Cursor::open(&state.join("events.cursor"))?,
            config,
            _lock: lock,
        })
    }

    /// The connections that there are.
    pub fn connections(&self) -> &[Connection] {
        &self.connections
    }

    /// Answers until `stop` is done.
    ///
    /// # Errors
    /// [`NwcError::State`].
    pub async fn run(self, stop: impl Future<Output = ()>) -> Result<(), NwcError> {
        let stopping = CancellationToken::new();
        let (changes, connections) = watch::channel(Arc::from(self.connections));
        let (inbox, requests) = mpsc::channel(INBOX);
        let pool = Arc::new(Pool::new(Watched {
            dialer: self.dialer,
            connections: connections.clone(),
            requests: inbox,
            max_age: self.config.limits.max_age(),
        }));
        pool.keep(&relays_of(&connections.borrow()));
        let watching = watch_directory(self.directory.clone(), changes, Arc::clone(&pool));
        let _watching = AbortOnDropHandle::new(tokio::spawn(watching));
        let answering = Requests {
            connections: connections.clone(),
            directory: self.directory,
            answered: Mutex::new(self.answered),
            limiter: requests::limiter(self.config.limits.requests_per_minute),
            max_age: self.config.limits.max_age(),
            actor: Actor::new(Arc::clone(&self.server)),
            pool: Arc::clone(&pool),
        };
        let telling = Notifications {
            server: self.server,
            connections,
            pool,
            cursor: self.cursor,
        };
        let stopped = async {
            stop.await;
            stopping.cancel();
        };
        let (told, ..) = tokio::join!(
            async {
                let told = telling.run(&stopping).await;
                stopping.cancel();
                told
            },
            answering.run(requests, stopping.clone()),
            async {
                tokio::select! {
                    () = stopped => {}
                    () = stopping.cancelled() => {}
                }
            },
        );
        Ok(told?)
    }
}

/// Tells which connections there are, and connects to their relays.
async fn watch_directory(
    directory: Directory,
    changes: watch::Sender<Arc<[Connection]>>,
    pool: Arc<Pool>,
) {
    let mut seen = None;
    let mut look = interval(LOOK);
    loop {
        look.tick().await;
        let changed_at = directory.changed_at();
        if seen.is_some() && seen == changed_at {
            continue;
        }
        match directory.list() {
            Ok(connections) => {
                seen = changed_at;
                // Who hears of a connection may publish for it at once.
                pool.keep(&relays_of(&connections));
                changes.send_if_modified(|known| {
                    let is_new = **known != *connections;
                    if is_new {
                        *known = connections.into();
                    }
                    is_new
                });
            }
            Err(error) => tracing::error!(%error, "the connections cannot be read"),
        }
    }
}

fn relays_of(connections: &[Connection]) -> BTreeSet<RelayUrl> {
    let relays = connections.iter().flat_map(|connection| &connection.relays);
    relays.cloned().collect()
}

fn lock(state: &Path) -> Result<File, NwcError> {
    let file = File::create(state.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(NwcError::InUse(state.display().to_string())),
        Err(TryLockError::Error(error)) => Err(io::Error::other(error).into()),
    }
}
