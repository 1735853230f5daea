//! A connection to PostgreSQL: statements, and transactions that read.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    fmt,
};

use futures_util::TryStreamExt;
use tokio_postgres::{Client, Row, SimpleQueryMessage, Statement};

use crate::sql::{
    error::{Error, Result},
    params::Params,
    postgres::{dialect, runtime::wait, server::Server, value::Parameter},
    value::Value,
};

/// More than there are statements, but for those that are put together.
const MAX_STATEMENTS: usize = 512;

/// A connection that reads. It is used by one thread at a time.
pub(crate) struct Session {
    client: Client,
    /// By their text, as SQLite has it.
    statements: RefCell<HashMap<String, Statement>>,
    /// A statement failed: a transaction that was open can only be rolled back.
    has_failed: Cell<bool>,
}

/// A statement of a connection.
pub(crate) struct Prepared<'s> {
    session: &'s Session,
    statement: Statement,
}

/// A transaction that reads, until it is dropped.
pub(crate) struct Reading<'s>(&'s Session);

impl Session {
    /// Makes a connection.
    ///
    /// # Errors
    /// [`Error::Unreachable`].
    pub(crate) fn connect(server: &Server) -> Result<Self> {
        Self::connect_watched(server, || ())
    }

    /// The same; `closed` runs when it has ended, in whatever way.
    pub(super) fn connect_watched(
        server: &Server,
        closed: impl FnOnce() + Send + 'static,
    ) -> Result<Self> {
        Ok(Self {
            client: server.connect(closed)?,
            statements: RefCell::default(),
            has_failed: Cell::new(false),
        })
    }

    /// Whether it is known to have ended.
    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// A statement, prepared at its first use.
    pub(crate) fn prepare_cached(&self, sql: &str) -> Result<Prepared<'_>> {
        if let Some(statement) = self.statements.borrow().get(sql) {
            return Ok(Prepared {
                session: self,
                statement: statement.clone(),
            });
        }
        let statement = self.done(wait(self.client.prepare(&dialect::translate(sql))))?;
        let mut statements = self.statements.borrow_mut();
        if statements.len() >= MAX_STATEMENTS {
            statements.clear();
        }
        statements.insert(sql.to_owned(), statement.clone());
        Ok(Prepared {
            session: self,
            statement,
        })
    }

    /// Reads all that follows as it is at one moment.
    pub(crate) fn snapshot(&self) -> Result<Reading<'_>> {
        self.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        Ok(Reading(self))
    }

    /// Runs statements in PostgreSQL's own words.
    pub(super) fn run(&self, sql: &str) -> Result<()> {
        self.done(wait(self.client.batch_execute(sql)))
    }

    /// The same: the first column of the last row that they find.
    pub(crate) fn text(&self, sql: &str) -> Result<Option<String>> {
        let messages = self.done(wait(self.client.simple_query(sql)))?;
        let mut rows = messages.iter().rev().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        Ok(rows.next().and_then(|row| row.get(0)).map(str::to_owned))
    }

    /// Whether a statement failed since [`Session::forget_failure`].
    pub(super) fn has_failed(&self) -> bool {
        self.has_failed.get()
    }

    /// What failed was rolled back.
    pub(super) fn forget_failure(&self) {
        self.has_failed.set(false);
    }

    fn done<T>(&self, result: Result<T, tokio_postgres::Error>) -> Result<T> {
        self.has_failed
            .set(self.has_failed.get() || result.is_err());
        Ok(result?)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

impl Prepared<'_> {
    /// Runs it. Returns how many rows it changed.
    pub(crate) fn execute(&self, parameters: impl Params) -> Result<usize> {
        let parameters = self.parameters(&parameters)?;
        let client = &self.session.client;
        let changed = wait(client.execute_raw(&self.statement, parameters));
        let changed = self.session.done(changed)?;
        Ok(usize::try_from(changed).unwrap_or(usize::MAX))
    }

    /// Runs it and gives the rows that it finds.
    pub(crate) fn query(&self, parameters: impl Params) -> Result<Vec<Row>> {
        let parameters = self.parameters(&parameters)?;
        let client = &self.session.client;
        let rows = wait(async {
            let rows = client.query_raw(&self.statement, parameters).await?;
            rows.try_collect().await
        });
        self.session.done(rows)
    }

    fn parameters<'p>(&self, parameters: &'p impl Params) -> Result<Vec<Parameter<'p>>> {
        let expected = self.statement.params().len();
        let mut values = Vec::with_capacity(expected);
        let given = parameters.each(|_, value| {
            values.push(Parameter(value));
            Ok(())
        })?;
        match given == expected {
            true => Ok(values),
            false => Err(Error::Parameters { expected, given }),
        }
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        // If that fails, the connection is lost, and with it the transaction.
        if let Err(error) = self.0.run("COMMIT") {
            tracing::debug!(%error, "a transaction that read could not be ended");
        }
    }
}

/// A column of a row.
pub(crate) fn value(row: &Row, column: usize) -> Result<Value<'_>> {
    row.try_get(column).map_err(|_| Error::Column(column))
}
