//! What is on disk: a mirror of our invoices, the event log, how far the node's updates are applied, and whom to tell.
//! Each method is one unit of work: it is done as a whole or not at all. It knows nothing of the node, and no
//! transaction leaves it.
//! The only place that uses `sqlx`.

mod backlog;
mod changes;
mod charge;
mod charge_file;
mod checkpoints;
mod cursor;
mod deliveries;
mod endpoints;
mod error;
mod events;
mod hook_rows;
mod invoices;
mod keys;
mod listing;
mod lock;
mod making;
mod outstanding;
mod private;
mod queues;
mod recent;
mod rows;
mod secrets;
mod sending;
mod tokens;

use std::{path::Path, sync::Arc, time::Duration};

use sqlx::{
    Connection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::Notify;

pub use self::{
    backlog::Backlog,
    charge_file::{ChargeInvoice, read as read_charge_file},
    cursor::Cursor,
    deliveries::Queued,
    error::Error,
    invoices::Merged,
    keys::{Memory, Repeatable, Reserved},
    listing::{Filter, Page, Period, Place},
    lock::Lock,
    queues::{Audience, Lane, Standing, Waiting},
    sending::{Attempted, Next, Outgoing, Sent},
    tokens::TokenRow,
};
use self::{
    checkpoints::Checkpoints,
    cursor::Bound,
    making::{Desk, Making},
    recent::Recent,
};

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    /// One connection: SQLite has one writer, and a queue for it is better than its busy errors.
    writer: SqlitePool,
    /// To be used in the writer's turn only: its commits are on the disk when the writer's next one is.
    reserving: SqlitePool,
    readers: SqlitePool,
    bound: Arc<Bound>,
    recent: Arc<Recent>,
    checkpoints: Checkpoints,
    making: Making,
    queue: Arc<Notify>,
}

/// The name of the database in the data directory.
const FILE: &str = "facture.db";

/// How long a write waits for another process, such as `facture reconcile` beside a server.
const BUSY: Duration = Duration::from_secs(5);

const READERS: u32 = 4;

/// How much of the database each reader keeps in memory, in KiB: most of what is read is from the kernel's memory, and
/// whatever is written makes it void. SQLite's own measure is four times as much.
const READER_CACHE: &str = "-512";

impl Store {
    /// Opens the database in `directory`, makes both if they are missing, and brings its tables up to date.
    ///
    /// # Errors
    /// [`Error::Open`] when the directory or the file cannot be written, or is from a newer facture.
    pub async fn open(directory: &Path) -> Result<Self, Error> {
        let opened = async {
            private::directory(directory)?;
            let file = directory.join(FILE);
            private::file(&file)?;
            // SQLite does not order two processes that make the tables at the same time.
            let _making = Lock::wait(directory).await?;
            let options = SqliteConnectOptions::new()
                .filename(file)
                .journal_mode(SqliteJournalMode::Wal)
                // After an invoice was shown to a buyer, its row must survive a power cut.
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(BUSY);
            let log = |pages: &'static str| options.clone().pragma("wal_autocheckpoint", pages);
            let checkpoints = Checkpoints::start(kept(1).connect_with(log("0")).await?);
            let written = checkpoints.clone();
            let writer = kept(1)
                // After some errors, such as a full disk at a commit, SQLite has ended the transaction by itself. Rolling
                // it back then fails, and sqlx counts it as open for ever: no other could begin on this connection.
                .before_acquire(|connection, _| {
                    let usable = !connection.is_in_transaction();
                    Box::pin(async move { Ok(usable) })
                })
                .after_release(move |_, _| {
                    written.consider();
                    Box::pin(async { Ok(true) })
                })
                .connect_with(log(checkpoints::AT_MOST))
                .await?;
            sqlx::migrate!("src/store/migrations").run(&writer).await?;
            let reserving = log(checkpoints::AT_MOST).synchronous(SqliteSynchronous::Normal);
            let reserving = kept(1).connect_with(reserving).await?;
            let reading = options.read_only(true).pragma("cache_size", READER_CACHE);
            let readers = kept(READERS).connect_with(reading).await?;
            let (bound, queue, recent) = (Arc::default(), Arc::default(), Arc::new(Recent::new()));
            let making = Making::start(Desk {
                writer: writer.clone(),
                reserving: reserving.clone(),
                bound: Arc::clone(&bound),
                recent: Arc::clone(&recent),
                queue: Arc::clone(&queue),
            });
            Ok::<_, Error>(Self {
                writer,
                reserving,
                readers,
                bound,
                recent,
                checkpoints,
                making,
                queue,
            })
        };
        opened.await.map_err(|error| Error::Open {
            directory: directory.to_owned(),
            source: Box::new(error),
        })
    }

    /// Deliveries were written, for whoever sends them: one at a time.
    pub fn queue(&self) -> Arc<Notify> {
        Arc::clone(&self.queue)
    }

    /// Closes the database, which leaves one whole file behind.
    pub async fn close(&self) {
        self.readers.close().await;
        self.reserving.close().await;
        self.checkpoints.close().await;
        self.writer.close().await;
    }
}

/// A pool of connections that are opened now and kept: later there may be no file descriptors for them. They are not
/// tested before each use, since there is no network between.
fn kept(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(connections)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}
