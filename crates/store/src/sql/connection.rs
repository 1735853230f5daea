//! A session with the database, used by one thread at a time.

use std::ops::Deref;

use crate::{
    error,
    sql::{
        durability::Durability,
        error::Result,
        params::Params,
        sqlite::Sqlite,
        statement::{Row, Statement},
    },
};

/// A session with the database.
#[derive(Debug)]
pub(crate) enum Connection {
    /// A file of SQLite.
    Sqlite(Sqlite),
}

/// Where statements run: a connection that reads, or a unit of work. It can neither begin nor end a transaction.
pub(crate) trait Statements {
    /// A statement, prepared at its first use.
    fn prepare_cached(&self, sql: &str) -> Result<Statement<'_>>;
}

impl Statements for Connection {
    fn prepare_cached(&self, sql: &str) -> Result<Statement<'_>> {
        Self::prepare_cached(self, sql)
    }
}

/// For what is done with files: copies, and records of other programs.
impl Statements for rusqlite::Connection {
    fn prepare_cached(&self, sql: &str) -> Result<Statement<'_>> {
        Ok(Statement::Sqlite(Self::prepare_cached(self, sql)?))
    }
}

impl Connection {
    /// A statement, prepared at its first use.
    pub(crate) fn prepare_cached(&self, sql: &str) -> Result<Statement<'_>> {
        match self {
            Self::Sqlite(sqlite) => sqlite.prepare_cached(sql).map(Statement::Sqlite),
        }
    }

    /// Reads all that follows as it is at one moment, until this is dropped.
    pub(crate) fn snapshot(&self) -> Result<Snapshot<'_>> {
        let open = match self {
            Self::Sqlite(sqlite) => OpenSnapshot::Sqlite(sqlite.snapshot()?),
        };
        Ok(Snapshot {
            connection: self,
            _open: open,
        })
    }

    /// Begins a transaction that writes. Another one cannot be open at the same time.
    pub(crate) fn begin(&mut self, durability: Durability) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.begin(durability),
        }
    }

    /// Commits it.
    pub(crate) fn commit(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.run("COMMIT"),
        }
    }

    /// Rolls it back.
    pub(crate) fn roll_back(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.run("ROLLBACK"),
        }
    }

    /// Whether a transaction is open. After some errors, such as a full disk, SQLite ends it by itself.
    pub(crate) fn is_in_transaction(&self) -> bool {
        match self {
            Self::Sqlite(sqlite) => sqlite.is_in_transaction(),
        }
    }

    /// Begins a part of the transaction that can be rolled back alone.
    pub(crate) fn begin_part(&self) -> Result<()> {
        self.run("SAVEPOINT part")
    }

    /// Ends that part and keeps it.
    pub(crate) fn keep_part(&self) -> Result<()> {
        self.run("RELEASE SAVEPOINT part")
    }

    /// Ends that part and rolls it back.
    pub(crate) fn roll_back_part(&self) -> Result<()> {
        self.run("ROLLBACK TO SAVEPOINT part")?;
        self.run("RELEASE SAVEPOINT part")
    }

    fn run(&self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.run(sql),
        }
    }
}

/// A connection that reads as it was at one moment.
pub(crate) struct Snapshot<'c> {
    connection: &'c Connection,
    _open: OpenSnapshot<'c>,
}

/// Ends when it is dropped.
enum OpenSnapshot<'c> {
    Sqlite(#[expect(dead_code, reason = "it is dropped")] rusqlite::Transaction<'c>),
}

impl Deref for Snapshot<'_> {
    type Target = Connection;

    fn deref(&self) -> &Self::Target {
        self.connection
    }
}

/// All rows of a query, each read by `read`.
pub(crate) fn all<T, R>(
    database: &impl Statements,
    sql: &str,
    parameters: impl Params,
    row: impl FnMut(&Row<'_>) -> Result<R>,
    read: impl FnMut(R) -> Result<T, error::Error>,
) -> Result<Vec<T>, error::Error> {
    let mut statement = database.prepare_cached(sql)?;
    let rows = statement.query_map(parameters, row)?;
    let rows: Vec<R> = rows.collect::<Result<_>>()?;
    rows.into_iter().map(read).collect()
}
