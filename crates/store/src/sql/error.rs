//! What can go wrong with a statement.

/// An error of the database engine.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// SQLite's: the disk is full, the database is busy, damaged or read-only.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
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
