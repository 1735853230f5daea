//! What is on disk: a mirror of our invoices, the event log, and how far the node's updates are applied. Each method is
//! one unit of work: it is done as a whole or not at all. It knows nothing of the node, and no transaction leaves it.
//! The only place that uses `sqlx`.

mod cursor;
mod error;
mod events;
mod invoices;
mod rows;

use std::{path::Path, time::Duration};

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub use self::{cursor::Cursor, error::Error, invoices::Merged};

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    /// One connection: SQLite has one writer, and a queue for it is better than its busy errors.
    writer: SqlitePool,
    readers: SqlitePool,
}

/// The name of the database in the data directory.
const FILE: &str = "facture.db";

/// How long a write waits for another process, such as `facture reconcile` beside a server.
const BUSY: Duration = Duration::from_secs(5);

const READERS: u32 = 4;

impl Store {
    /// Opens the database in `directory`, makes both if they are missing, and brings its tables up to date.
    ///
    /// # Errors
    /// [`Error::Open`] when the directory or the file cannot be written, or is from a newer facture.
    pub async fn open(directory: &Path) -> Result<Self, Error> {
        let opened = async {
            private_directory(directory)?;
            let options = SqliteConnectOptions::new()
                .filename(directory.join(FILE))
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                // After an invoice was shown to a buyer, its row must survive a power cut.
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(BUSY);
            let writer = SqlitePoolOptions::new()
                .max_connections(1)
                .connect_with(options.clone())
                .await?;
            sqlx::migrate!("src/store/migrations").run(&writer).await?;
            let readers = SqlitePoolOptions::new()
                .max_connections(READERS)
                .connect_with(options.read_only(true))
                .await?;
            Ok::<_, Error>(Self { writer, readers })
        };
        opened.await.map_err(|error| Error::Open {
            directory: directory.to_owned(),
            source: Box::new(error),
        })
    }

    /// Closes the database, which leaves one whole file behind.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// What is in it is nobody else's business.
fn private_directory(directory: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
}
