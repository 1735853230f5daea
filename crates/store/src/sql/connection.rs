//! A session with the database, used by one thread at a time.

use std::ops::Deref;

use crate::{
    error,
    sql::{
        durability::Durability,
        error::{Error, Result},
        params::Params,
        postgres::{
            owner::Owner,
            session::{Reading, Session},
        },
        sqlite::Sqlite,
        statement::{Row, Statement},
    },
};

/// A session with the database.
#[derive(Debug)]
pub(crate) enum Connection {
    /// A file of SQLite.
    Sqlite(Sqlite),
    /// A connection to PostgreSQL that reads.
    Postgres(Session),
    /// The connection to PostgreSQL that writes.
    PostgresOwner(Owner),
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
            Self::Postgres(session) => session.prepare_cached(sql).map(Statement::Postgres),
            Self::PostgresOwner(owner) => {
                let statement = owner.session().prepare_cached(sql)?;
                Ok(Statement::Postgres(statement))
            }
        }
    }

    /// Reads all that follows as it is at one moment, until this is dropped.
    pub(crate) fn snapshot(&self) -> Result<Snapshot<'_>> {
        let open = match self {
            Self::Sqlite(sqlite) => OpenSnapshot::Sqlite(sqlite.snapshot()?),
            Self::Postgres(session) => OpenSnapshot::Postgres(session.snapshot()?),
            Self::PostgresOwner(owner) => OpenSnapshot::Postgres(owner.session().snapshot()?),
        };
        Ok(Snapshot {
            connection: self,
            _open: open,
        })
    }

    /// Whether it is known to be lost. A file never is.
    pub(crate) fn is_closed(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(session) => session.is_closed(),
            Self::PostgresOwner(owner) => owner.session().is_closed(),
        }
    }

    /// Begins a transaction that writes. Another one cannot be open at the same time.
    pub(crate) fn begin(&mut self, durability: Durability) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.begin(durability),
            Self::Postgres(_) => Err(Error::ReadOnly),
            Self::PostgresOwner(owner) => owner.begin(durability),
        }
    }

    /// Commits it.
    pub(crate) fn commit(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.run("COMMIT"),
            Self::Postgres(_) => Err(Error::ReadOnly),
            Self::PostgresOwner(owner) => owner.commit(),
        }
    }

    /// Rolls it back.
    pub(crate) fn roll_back(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.run("ROLLBACK"),
            Self::Postgres(_) => Err(Error::ReadOnly),
            Self::PostgresOwner(owner) => owner.roll_back(),
        }
    }

    /// Whether a transaction that writes is open. After some errors, such as a full disk or a lost connection, it has ended by
    /// itself.
    pub(crate) fn is_in_transaction(&self) -> bool {
        match self {
            Self::Sqlite(sqlite) => sqlite.is_in_transaction(),
            Self::Postgres(_) => false,
            Self::PostgresOwner(owner) => owner.is_in_transaction(),
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
        if let Self::PostgresOwner(owner) = self {
            owner.part_rolled_back();
        }
        self.run("RELEASE SAVEPOINT part")
    }

    fn run(&self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.run(sql),
            Self::Postgres(_) => Err(Error::ReadOnly),
            Self::PostgresOwner(owner) => owner.run(sql),
        }
    }

    /// Whether others may have written since this process last knew all of it: the connection that writes is new.
    pub(crate) fn is_new(&self) -> bool {
        match self {
            Self::Sqlite(_) | Self::Postgres(_) => false,
            Self::PostgresOwner(owner) => owner.is_new(),
        }
    }

    /// What this process knows was read again.
    pub(crate) fn accept(&mut self) {
        if let Self::PostgresOwner(owner) = self {
            owner.accept();
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
    Postgres(#[expect(dead_code, reason = "it is dropped")] Reading<'c>),
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
