//! Making connections to PostgreSQL.

use std::{
    future::Future,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::time::timeout;
use tokio_postgres::Client;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::sql::{
    error::{Error, Result},
    postgres::{
        runtime::{ConnectionRuntime, wait},
        url::{PostgresUrl, PostgresUrlError},
    },
};

/// How long making a connection may take in all: with TLS and signing in, and to all addresses that there are.
const CONNECT: Duration = Duration::from_secs(10);

/// The minimum time between an attempt that failed and the next one: nobody waits for a server that is known to be away.
const PAUSE: Duration = Duration::from_millis(250);

/// What each connection is told at its start. A server that loses us ends what we had begun soon: it may hold a lock.
const SETTINGS: &str = "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '30s'; \
     SET client_connection_check_interval = '2s'; \
     SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3; \
     SET tcp_user_timeout = '10s'; SET default_transaction_read_only = off; SET client_min_messages = warning";

/// A server of PostgreSQL and the database on it.
#[derive(Debug)]
pub(crate) struct Server {
    url: PostgresUrl,
    tls: Tls,
    runtime: ConnectionRuntime,
    failed_at: Mutex<Option<Instant>>,
}

struct Tls(MakeRustlsConnect);

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tls")
    }
}

impl Server {
    /// Makes no connection yet.
    ///
    /// # Errors
    /// When the address or its certificates cannot be used, or no thread can be started.
    pub(crate) fn new(url: PostgresUrl) -> Result<Self, PostgresUrlError> {
        Ok(Self {
            tls: Tls(url.tls()?),
            url,
            runtime: ConnectionRuntime::start()?,
            failed_at: Mutex::default(),
        })
    }

    /// Makes a connection. `closed` runs when it has ended, in whatever way.
    ///
    /// # Errors
    /// [`Error::Unreachable`], also when that was found out a moment ago.
    pub(super) fn connect(&self, closed: impl FnOnce() + Send + 'static) -> Result<Client> {
        if let Some(failed_at) = *self.failed_at()
            && failed_at.elapsed() < PAUSE
        {
            return Err(Error::Unreachable(None));
        }
        let (config, tls) = (self.url.config().clone(), self.tls.0.clone());
        let runtime = self.runtime.handle().clone();
        let connected = self.run(async move {
            let (client, connection) = config.connect(tls).await?;
            runtime.spawn(async move {
                if let Err(error) = connection.await {
                    tracing::debug!(%error, "a connection to PostgreSQL was lost");
                }
                closed();
            });
            client.batch_execute(SETTINGS).await?;
            Ok(client)
        });
        *self.failed_at() = match &connected {
            Ok(_) => None,
            Err(_) => Some(Instant::now()),
        };
        connected
    }

    /// On the thread that talks to the server.
    fn run<T: Send + 'static>(
        &self,
        connecting: impl Future<Output = Result<T, tokio_postgres::Error>> + Send + 'static,
    ) -> Result<T> {
        let runtime = self.runtime.handle();
        // Its clock is the runtime's.
        let connecting = runtime.spawn(async move { timeout(CONNECT, connecting).await });
        match wait(connecting) {
            Ok(Ok(Ok(client))) => Ok(client),
            Ok(Ok(Err(error))) => Err(Error::Unreachable(Some(error))),
            Ok(Err(_)) | Err(_) => Err(Error::Unreachable(None)),
        }
    }

    fn failed_at(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.failed_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
