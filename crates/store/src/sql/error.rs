//! What can go wrong with a statement.

use tokio_postgres::error::SqlState;

/// An error of the database engine.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// SQLite's: the disk is full, the database is busy, damaged or read-only.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL's own, or of what it sent.
    #[error("PostgreSQL: {message}")]
    Postgres {
        /// What it says.
        message: String,
        /// All of it.
        source: tokio_postgres::Error,
    },
    /// The connection to PostgreSQL was lost. What was begun is rolled back.
    #[error("the connection to PostgreSQL was lost")]
    Lost(#[source] tokio_postgres::Error),
    /// The connection to PostgreSQL was lost within a commit, and for some time it could not be found out what became of it.
    #[error(
        "the connection to PostgreSQL was lost within a commit: whether it was done is not known"
    )]
    CommitUnknown,
    /// There is no connection to PostgreSQL.
    #[error("PostgreSQL cannot be reached")]
    Unreachable(#[source] Option<tokio_postgres::Error>),
    /// Another process has the lock of the database.
    #[error("another facture uses this database: stop it first, or use another database")]
    Owned,
    /// A connection that only reads was to write.
    #[error("this connection only reads")]
    ReadOnly,
    /// A unit of work went on although one of its statements had failed.
    #[error("the transaction was given up: a statement of it had failed")]
    Aborted,
    /// Its tables are those of a later version of this program.
    #[error(
        "these records were written by a newer facture (schema {found}); this one knows {known}: start that one again, or go \
         back to a backup from before it"
    )]
    NewerTables {
        /// The last migration of the database.
        found: u32,
        /// The last migration of this program.
        known: u32,
    },
    /// A server that is too old.
    #[error("this is PostgreSQL {0}, and 15 is the oldest that can be used")]
    OldServer(u32),
    /// A query for one row found none.
    #[error("the query found no row")]
    NoRow,
    /// A column has a value of another type than it should.
    #[error("column {0} of a row is not of the type that it should be")]
    Column(usize),
    /// A statement has other parameters than it was given.
    #[error("the statement takes {expected} parameters, not {given}")]
    Parameters {
        /// How many it takes.
        expected: usize,
        /// How many it was given.
        given: usize,
    },
}

/// What a statement did, or why it failed.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Whether it says that a connection was lost.
    pub(crate) fn is_lost(&self) -> bool {
        matches!(self, Self::Lost(_))
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(source: tokio_postgres::Error) -> Self {
        let Some(told) = source.as_db_error() else {
            let cause = std::error::Error::source(&source);
            let is_io = cause.is_some_and(|cause| cause.is::<std::io::Error>());
            if source.is_closed() || is_io {
                return Self::Lost(source);
            }
            let message = cause.map_or_else(|| source.to_string(), ToString::to_string);
            return Self::Postgres { message, source };
        };
        // Of the class "operator intervention": the server is stopped, or somebody ended the connection.
        match [
            SqlState::ADMIN_SHUTDOWN,
            SqlState::CRASH_SHUTDOWN,
            SqlState::CANNOT_CONNECT_NOW,
        ]
        .contains(told.code())
        {
            true => Self::Lost(source),
            false => Self::Postgres {
                message: format!("{} ({})", told.message(), told.code().code()),
                source,
            },
        }
    }
}
