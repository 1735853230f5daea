//! What is on disk: a mirror of our invoices, the event log, how far the node's updates are applied, and whom to tell.
//! Each method is one unit of work or one query. It knows nothing of the node, and no transaction leaves it.
//! The only place that uses `rusqlite`.
//!
//! | File | Owns |
//! | --- | --- |
//! | `writer.rs` | the thread that writes: the queue and the group commit |
//! | `unit.rs` | the unit of work: transaction, events, outbox, cache and wake-ups |
//! | `readers.rs` | connections that read |
//! | `cache.rs` | invoices in memory |
//! | `rows.rs`, `hook_rows.rs` | columns and what they mean |
//! | `sequence.rs` | the numbers of events |
//! | `outbox.rs` | deliveries of events |
//! | `queues.rs` | deliveries that wait: a queue for each receiver, in lanes |
//! | `schema.rs`, `migrations/` | the tables and older ones |
//! | the rest | a topic each |

mod backlog;
mod cache;
mod charge;
mod charge_file;
mod checkpoints;
mod connection;
#[cfg(test)]
mod contract;
mod cursor;
mod deliveries;
mod endpoints;
mod error;
mod events;
mod forgetting;
mod history;
mod hook_rows;
pub mod hub;
mod invoices;
mod keys;
mod known;
mod label_key;
mod listing;
mod lock;
mod open;
mod outbox;
mod outstanding;
mod private;
mod queues;
mod readers;
mod rows;
mod schema;
mod secrets;
mod sending;
mod sequence;
#[cfg(test)]
mod tests;
mod tokens;
mod unit;
#[cfg(test)]
mod upgrade;
mod writer;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use rusqlite::Connection;
use tokio::{
    sync::{Notify, watch},
    task::spawn_blocking,
};

pub use self::{
    backlog::Backlog,
    charge_file::{ChargeInvoice, ChargePayment, LeftOut, What, read as read_charge_file},
    deliveries::Queued,
    error::Error,
    forgetting::{ForgetPosition, Forgettable, Forgotten},
    invoices::Merged,
    keys::{Memory, RENEWALS, Repeatable, Reserved},
    label_key::LabelKeyFile,
    listing::{Filter, Page, Period, Place},
    lock::Lock,
    open::Open,
    queues::{Audience, Lane, Standing, Waiting},
    sending::{Attempted, Next, Outgoing, Sent},
    tokens::TokenRow,
};
use self::{
    cache::InvoiceCache,
    checkpoints::Checkpoints,
    cursor::BoundNode,
    keys::Forgetting,
    readers::Readers,
    sequence::EventNumbers,
    unit::{Shared, UnitOfWork},
    writer::{Durability, Writer},
};
use crate::hub::EventHub;

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    writer: Writer,
    readers: Readers,
    checkpoints: Checkpoints,
    shared: Arc<Shared>,
    forgetting: Arc<Forgetting>,
}

/// The name of the database in the data directory.
const FILE: &str = "facture.db";

impl Store {
    /// Opens the database in `directory`, makes both if they are missing, and brings its tables up to date.
    ///
    /// # Errors
    /// [`Error::Open`] when the directory or the file cannot be written, or is from a newer facture.
    pub async fn open(directory: &Path) -> Result<Self, Error> {
        let path = directory.to_owned();
        let opened = spawn_blocking(move || Self::open_blocking(&path)).await;
        let opened = opened.unwrap_or(Err(Error::Closed));
        opened.map_err(|error| Error::Open {
            directory: directory.to_owned(),
            source: Box::new(error),
        })
    }

    fn open_blocking(directory: &Path) -> Result<Self, Error> {
        private::directory(directory)?;
        let file: PathBuf = directory.join(FILE);
        private::file(&file)?;
        let mut connection = {
            // SQLite does not order two processes that make the tables at the same time.
            let _migrating = Lock::wait(directory)?;
            let mut connection = connection::open_to_write(&file)?;
            schema::migrate(&mut connection)?;
            connection
        };
        let readers = Readers::open(&file)?;
        let checkpoints = Checkpoints::start(connection::open_to_write(&file)?, &mut connection)?;
        let shared = Arc::new(Shared {
            cache: InvoiceCache::open(directory)?,
            bound: BoundNode::default(),
            hub: EventHub::default(),
            deliveries: Arc::default(),
            committed: watch::Sender::new(readers.look_up(events::last)?),
            numbers: EventNumbers::default(),
        });
        Ok(Self {
            writer: Writer::start(connection, Arc::clone(&shared))?,
            readers,
            checkpoints,
            shared,
            forgetting: Arc::default(),
        })
    }

    /// Whether there is a database in `directory`.
    pub fn exists(directory: &Path) -> bool {
        directory.join(FILE).exists()
    }

    /// Who follows which invoice: the store wakes them when something was committed.
    pub fn hub(&self) -> EventHub {
        self.shared.hub.clone()
    }

    /// The commit signal: the number of the last event that was committed.
    pub fn committed(&self) -> watch::Receiver<u64> {
        self.shared.committed.subscribe()
    }

    /// Deliveries were written, for whoever sends them: one at a time.
    pub fn queue(&self) -> Arc<Notify> {
        Arc::clone(&self.shared.deliveries)
    }

    /// Closes the database, which leaves one whole file behind.
    pub async fn close(&self) {
        self.readers.close().await;
        self.checkpoints.close().await;
        // The last connection: it moves the log into the database.
        self.writer.close().await;
    }

    /// Does a unit of work; once this returns it survives a power cut.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut UnitOfWork<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.writer.run(Durability::Full, work).await
    }

    /// Looks something up by its key, which takes microseconds.
    fn look_up<T>(&self, look: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        self.readers.look_up(look)
    }

    /// Asks for something that may take its time.
    async fn query<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.readers.query(query).await
    }
}

/// All rows of a query, each read by `read`.
fn all<T, R>(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
    row: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<R>,
    read: impl FnMut(R) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(parameters, row)?;
    let rows: Vec<R> = rows.collect::<Result<_, _>>()?;
    rows.into_iter().map(read).collect()
}
