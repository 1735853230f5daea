//! What can go wrong with the database.

use std::{path::PathBuf, sync::Arc};

use crate::sql::{error::Error as SqlError, postgres::url::PostgresUrlError};
use facture_domain::NodeId;
use facture_runtime::metrics;

/// A unit of work that was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database cannot be used at all.
    #[error("cannot use the data directory {}", directory.display())]
    Open {
        /// The data directory.
        directory: PathBuf,
        /// Why.
        source: Box<Self>,
    },
    /// The database of PostgreSQL cannot be used at all.
    #[error("cannot use the PostgreSQL database {database}")]
    OpenPostgres {
        /// Its name and its server.
        database: String,
        /// Why.
        source: Box<Self>,
    },
    /// The address of a database of PostgreSQL cannot be used.
    #[error(transparent)]
    PostgresUrl(#[from] PostgresUrlError),
    /// Another process has the lock of the data directory.
    #[error("another facture uses the data directory {}: stop it first, or use another directory", directory.display())]
    InUse {
        /// The data directory.
        directory: PathBuf,
    },
    /// Others than its owner may use it.
    #[error("other users can access {}: run `chmod {chmod} {}`", path.display(), path.display())]
    Exposed {
        /// What they may use.
        path: PathBuf,
        /// The mode that it should have.
        chmod: &'static str,
    },
    /// The label key cannot be used.
    #[error("cannot use the label key {}: {reason}", path.display())]
    LabelKey {
        /// Its file.
        path: PathBuf,
        /// Why, without the key.
        reason: String,
    },
    /// The file system.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The database: full, read-only, busy, damaged.
    #[error(transparent)]
    Database(SqlError),
    /// Its tables are those of a later version of this program.
    #[error(
        "these records were written by a newer facture (schema {found}); this one knows {known}: start that one again, or \
         go back to a backup from before it"
    )]
    NewerSchema {
        /// The last migration of the database.
        found: u32,
        /// The last migration of this program.
        known: u32,
    },
    /// Its tables cannot be brought up to date.
    #[error(
        "the records cannot be brought up to date (migration {version} of the tables): they were left as they were, so the \
         facture that wrote them can use them"
    )]
    Migration {
        /// The migration that failed. Nothing of it is done, and nothing of those before it.
        version: u32,
        /// Why.
        source: SqlError,
    },
    /// They could not be copied before their tables are brought up to date. So they were left as they are.
    #[error(
        "the records are older than this facture; before they are brought up to date they are copied to {}, and that failed. \
         They were left as they were",
        file.display()
    )]
    BeforeUpgrade {
        /// The copy.
        file: PathBuf,
        /// Why.
        source: Box<Self>,
    },
    /// There is no database.
    #[error("there are no records in {}", directory.display())]
    NoRecords {
        /// The data directory.
        directory: PathBuf,
    },
    /// The database is not what SQLite wrote.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// Another program keeps the database to itself.
    #[error("another program has the database locked")]
    Locked,
    /// A copy would fill the disk.
    #[error("too little room is left on the disk of {}", directory.display())]
    NoRoom {
        /// A directory on that disk.
        directory: PathBuf,
    },
    /// A copy took too long.
    #[error(
        "the copy was given up: the server wrote more than a gibibyte meanwhile, which had to be kept until the copy is made. \
         Try again when there is less to do"
    )]
    LogTooLong,
    /// The invoices are another node's. They are not to be mixed.
    #[error("the data directory belongs to node {expected}, not to {found}")]
    OtherNode {
        /// The node of the data.
        expected: NodeId,
        /// The node that was named.
        found: NodeId,
    },
    /// The commit of several units of work, of which this was one, failed.
    #[error(transparent)]
    Group(Arc<Self>),
    /// The connection to PostgreSQL is a new one: how far the node's updates are applied may be less than before.
    #[error("the connection to PostgreSQL is a new one: what it has of the node is read again")]
    Reconnected,
    /// It was closed meanwhile.
    #[error("the database is closed")]
    Closed,
    /// SQLite ended the transaction by itself when another unit of work in it failed.
    #[error("the transaction was rolled back")]
    RolledBack,
    /// As many endpoints as there may be.
    #[error("there are {0} webhooks already")]
    TooManyEndpoints(u32),
    /// A row that we did not write like this.
    #[error("the database holds an impossible {0}")]
    Corrupt(&'static str),
}

impl From<SqlError> for Error {
    fn from(error: SqlError) -> Self {
        metrics::store_failed();
        Self::Database(error)
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        SqlError::from(error).into()
    }
}
