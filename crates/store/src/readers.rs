//! Reading connections. A look-up by key takes microseconds and runs on the caller's thread: changing threads would take
//! longer. Queries that may take longer run on a blocking thread.

use std::{
    path::PathBuf,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use rusqlite::OpenFlags;
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::{
    connection,
    error::Error,
    sql::{
        Connection, Sqlite,
        postgres::{runtime::blocking, server::Server, session::Session},
    },
};

/// The maximum number of simultaneous look-ups: as many as the runtime has threads on most machines.
const MAX_LOOKUPS: usize = 4;

/// The maximum number of simultaneous queries.
const MAX_QUERIES: usize = 3;

/// SQLite's page cache of each connection, in KiB. Most pages are in the kernel's cache as well, and each commit invalidates
/// this one. SQLite's default is four times as much.
const CACHE_KIB: i64 = 512;

/// The reading connections. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Readers {
    lookups: Arc<Pool>,
    queries: Arc<Pool>,
    /// A permit for each query connection, so that no blocking thread waits for one.
    places: Arc<Semaphore>,
}

/// What is read.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// A file of SQLite.
    File(PathBuf),
    /// A server of PostgreSQL.
    Server(Arc<Server>),
}

#[derive(Debug)]
struct Pool {
    source: Source,
    connections: Mutex<Connections>,
    returned: Condvar,
}

#[derive(Debug)]
struct Connections {
    idle: Vec<Connection>,
    leased: usize,
    /// Threads that wait for a connection to be returned. Usually there is none, and none is woken: that is a system call.
    waiting: usize,
    closed: bool,
}

/// A connection, until it is dropped.
struct Lease<'p> {
    pool: &'p Pool,
    /// Only taken out when this is dropped.
    connection: Option<Connection>,
}

impl Readers {
    /// Opens all connections now: later, there may be no file descriptors left.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub(super) fn open(source: Source) -> Result<Self, Error> {
        Ok(Self {
            lookups: Arc::new(Pool::open(source.clone(), MAX_LOOKUPS)?),
            queries: Arc::new(Pool::open(source, MAX_QUERIES)?),
            places: Arc::new(Semaphore::new(MAX_QUERIES)),
        })
    }

    /// Runs a look-up by key on this thread.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub(super) fn lookup<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match self.lookups.source {
            Source::File(_) => self.lookups.with(query),
            // A server may not answer at once, and a connection may have to be waited for.
            Source::Server(_) => blocking(|| self.lookups.with(query)),
        }
    }

    /// Runs a query that may take long, on another thread.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub(super) async fn query<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let places = Arc::clone(&self.places);
        let place = places.acquire_owned().await.map_err(|_| Error::Closed)?;
        let pool = Arc::clone(&self.queries);
        let answer = spawn_blocking(move || {
            let answer = pool.with(query);
            drop(place);
            answer
        });
        match answer.await {
            Ok(answer) => answer,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => Err(Error::Closed),
        }
    }

    /// Closes all connections, and waits for those in use.
    pub(super) async fn close(&self) {
        self.places.close();
        let (lookups, queries) = (Arc::clone(&self.lookups), Arc::clone(&self.queries));
        let closed = spawn_blocking(move || {
            lookups.close();
            queries.close();
        });
        let _ = closed.await;
    }
}

impl Source {
    fn connect(&self) -> Result<Connection, Error> {
        Ok(match self {
            Self::File(file) => {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                let reader = connection::open(file, flags)?;
                reader.pragma_update(None, "cache_size", -CACHE_KIB)?;
                Connection::Sqlite(Sqlite::new(reader))
            }
            Self::Server(server) => Connection::Postgres(Session::connect(server)?),
        })
    }
}

impl Pool {
    fn open(source: Source, size: usize) -> Result<Self, Error> {
        let idle = (0..size).map(|_| source.connect());
        Ok(Self {
            connections: Mutex::new(Connections {
                idle: idle.collect::<Result<_, _>>()?,
                leased: 0,
                waiting: 0,
                closed: false,
            }),
            source,
            returned: Condvar::new(),
        })
    }

    fn with<T>(&self, read: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        let mut lease = self.lease()?;
        let connection = lease.connection.as_mut().ok_or(Error::Closed)?;
        if connection.is_closed() {
            *connection = self.source.connect()?;
        }
        read(connection)
    }

    /// The most recently used one: its cache is the warmest.
    fn lease(&self) -> Result<Lease<'_>, Error> {
        let mut connections = self.lock();
        loop {
            if connections.closed {
                return Err(Error::Closed);
            }
            if let Some(connection) = connections.idle.pop() {
                connections.leased += 1;
                return Ok(Lease {
                    pool: self,
                    connection: Some(connection),
                });
            }
            connections = self.wait(connections);
        }
    }

    fn close(&self) {
        let mut connections = self.lock();
        connections.closed = true;
        self.returned.notify_all();
        while connections.leased > 0 {
            connections = self.wait(connections);
        }
        connections.idle.clear();
    }

    fn wait<'p>(
        &self,
        mut connections: MutexGuard<'p, Connections>,
    ) -> MutexGuard<'p, Connections> {
        connections.waiting += 1;
        let mut connections = self
            .returned
            .wait(connections)
            .unwrap_or_else(PoisonError::into_inner);
        connections.waiting -= 1;
        connections
    }

    fn lock(&self) -> MutexGuard<'_, Connections> {
        self.connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let mut connections = self.pool.lock();
        connections.leased -= 1;
        connections.idle.extend(self.connection.take());
        let (waiting, closed) = (connections.waiting, connections.closed);
        drop(connections);
        match (waiting, closed) {
            (0, _) => {}
            (_, true) => self.pool.returned.notify_all(),
            (_, false) => self.pool.returned.notify_one(),
        }
    }
}
