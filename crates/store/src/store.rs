//! The database as a whole: opening and closing it, its writer and its readers. Each topic adds its methods in a file of
//! its own.

use std::{fs, path::Path, sync::Arc};

use tokio::task::spawn_blocking;

use crate::{
    checkpoints::Checkpoints,
    connection::{self, FILE},
    error::Error,
    hub::EventHub,
    key_sweep::KeySweep,
    lock::Lock,
    ownership::Ownership,
    private,
    readers::{Readers, Source},
    schema,
    shared::Shared,
    sql::{
        Connection, Durability, Sqlite,
        postgres::{owner::Owner, server::Server, tables, url::PostgresUrl},
    },
    unit::{NodeUnit, UnitOfWork},
    writer::{Coming, Timing, Writer},
};
use facture_domain::NodeId;

/// The database. Cheap to clone: all clones share its writer, its readers and its cache.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) writer: Writer,
    readers: Readers,
    /// SQLite's.
    checkpoints: Option<Checkpoints>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) key_sweep: Arc<KeySweep>,
}

/// What older versions kept beside it.
const OBSOLETE: [&str; 2] = ["facture.db.lock", "facture.db.writer"];

impl Store {
    /// Opens the database in `directory`, makes both if they are missing, and brings its tables up to date. The directory
    /// is locked until the store is closed: nothing else writes there, so the cache is exact.
    ///
    /// # Errors
    /// [`Error::InUse`] when another process has the directory, or another store of this one.
    /// [`Error::Open`] when the directory or the file cannot be written, or is from a newer facture.
    pub async fn open(directory: &Path) -> Result<Self, Error> {
        Self::open_locked(Lock::take(directory)?).await
    }

    /// The same in a directory that this process has locked already.
    ///
    /// # Errors
    /// [`Error::Open`].
    pub async fn open_locked(lock: Lock) -> Result<Self, Error> {
        let directory = lock.directory().to_owned();
        let opened = spawn_blocking(move || Self::open_blocking(lock)).await;
        let opened = opened.unwrap_or(Err(Error::Closed));
        opened.map_err(|error| Error::Open {
            directory,
            source: Box::new(error),
        })
    }

    fn open_blocking(lock: Lock) -> Result<Self, Error> {
        let file = lock.directory().join(FILE);
        private::file(&file)?;
        let mut connection = connection::open_to_write(&file)?;
        schema::migrate(&mut connection, lock.directory())?;
        for name in OBSOLETE {
            // One that stays is in nobody's way.
            let _ = fs::remove_file(lock.directory().join(name));
        }
        let readers = Readers::open(Source::File(file.clone()))?;
        let checkpoints = Checkpoints::start(connection::open_to_write(&file)?, &mut connection)?;
        let connection = Connection::Sqlite(Sqlite::new(connection));
        let shared = Arc::new(Shared::open(&connection, Arc::new(Ownership::permanent()))?);
        Ok(Self {
            writer: Writer::start(connection, Arc::clone(&shared), Some(lock))?,
            readers,
            checkpoints: Some(checkpoints),
            shared,
            key_sweep: Arc::default(),
        })
    }

    /// Opens a database of PostgreSQL, and brings its tables up to date. It is locked until the store is closed: no other
    /// store can be opened on it. `lock` is that of the data directory, which has what is not in the database, if there is
    /// one; it goes with the store.
    ///
    /// # Errors
    /// [`Error::OpenPostgres`] when it cannot be reached or used, when it is from a newer facture, and when another facture has
    /// it.
    pub async fn open_postgres(url: PostgresUrl, lock: Option<Lock>) -> Result<Self, Error> {
        let database = url.to_string();
        let opened = spawn_blocking(move || Self::open_postgres_blocking(url, lock)).await;
        let opened = opened.unwrap_or(Err(Error::Closed));
        opened.map_err(|error| Error::OpenPostgres {
            database,
            source: Box::new(error),
        })
    }

    fn open_postgres_blocking(url: PostgresUrl, lock: Option<Lock>) -> Result<Self, Error> {
        let server = Arc::new(Server::new(url)?);
        let ownership = Arc::new(Ownership::none());
        let mut owner = Owner::open(Arc::clone(&server), Arc::clone(&ownership))?;
        tables::migrate(&mut owner)?;
        let readers = Readers::open(Source::Server(server))?;
        let mut connection = Connection::PostgresOwner(owner);
        let shared = Arc::new(Shared::open(&connection, ownership)?);
        connection.accept();
        Ok(Self {
            writer: Writer::start(connection, Arc::clone(&shared), lock)?,
            readers,
            checkpoints: None,
            shared,
            key_sweep: Arc::default(),
        })
    }

    /// Whether there is a database in `directory`.
    pub fn exists(directory: &Path) -> bool {
        directory.join(FILE).exists()
    }

    /// The commit signal: wakes those who follow an invoice, all events or the outbox.
    pub fn hub(&self) -> EventHub {
        self.shared.hub.clone()
    }

    /// Says that an invoice is being created, as long as the value is there. While many are, one commit is for several.
    pub fn announce(&self) -> Coming {
        self.writer.announce()
    }

    /// Closes the database, which leaves one whole file behind, and gives the directory free.
    pub async fn close(&self) {
        self.readers.close().await;
        if let Some(checkpoints) = &self.checkpoints {
            checkpoints.close().await;
        }
        // The last connection: it moves the log into the database.
        self.writer.close().await;
    }

    /// Does a unit of work; once this returns it survives a power cut.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut UnitOfWork<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.writer.run(Durability::Full, Timing::Soon, work).await
    }

    /// The same in one commit with others, for which it waits a moment if many are [announced](Store::announce).
    pub(crate) async fn write_grouped<T: Send + 'static>(
        &self,
        work: impl Fn(&mut UnitOfWork<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.writer
            .run(Durability::Full, Timing::Grouped, work)
            .await
    }

    /// As [`Store::write`], for what this node reports.
    ///
    /// # Errors
    /// [`Error::OtherNode`] when the database belongs to another: then nothing is done.
    pub(crate) async fn write_for<T: Send + 'static>(
        &self,
        node: &NodeId,
        work: impl Fn(&mut NodeUnit<'_, '_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let node = node.clone();
        self.write(move |unit| work(&mut unit.of_node(&node)?))
            .await
    }

    /// Looks something up by its key, which takes microseconds.
    pub(crate) fn lookup<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.readers.lookup(query)
    }

    /// Asks for something that may take its time.
    pub(crate) async fn query<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.readers.query(query).await
    }
}
