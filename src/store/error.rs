//! What can go wrong with the database.

use std::{path::PathBuf, sync::Arc};

use crate::{invoice::NodeId, metrics};

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
    /// Another server uses it.
    #[error("another facture uses the data directory {}", directory.display())]
    InUse {
        /// The data directory.
        directory: PathBuf,
    },
    /// Others than its owner may use it.
    #[error("others have rights to {}: take them away with `chmod {chmod} {}`", path.display(), path.display())]
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
    Database(sqlx::Error),
    /// Its tables are not those of this program.
    #[error(transparent)]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The invoices are another node's. They are not to be mixed.
    #[error("the data directory belongs to node {expected}, not to {found}")]
    OtherNode {
        /// The node of the data.
        expected: NodeId,
        /// The node that was named.
        found: NodeId,
    },
    /// A unit of work that was done for several.
    #[error(transparent)]
    Together(Arc<Self>),
    /// An invoice is not as it was seen.
    #[error("an invoice has changed")]
    Changed,
    /// It was closed meanwhile.
    #[error("the database is closed")]
    Closed,
    /// As many endpoints as there may be.
    #[error("there are {0} webhooks already")]
    TooManyEndpoints(u32),
    /// A row that we did not write like this.
    #[error("the database holds an impossible {0}")]
    Damaged(&'static str),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        metrics::store_failed();
        Self::Database(error)
    }
}
