//! Statements, and the rows that they find.

use crate::sql::{
    error::{Error, Result},
    params::Params,
    postgres::session::{self, Prepared},
    sqlite,
    value::{FromSql, Value},
};

/// A prepared statement.
pub(crate) enum Statement<'c> {
    /// SQLite's.
    Sqlite(rusqlite::CachedStatement<'c>),
    /// PostgreSQL's.
    Postgres(Prepared<'c>),
}

/// The rows that a statement finds.
pub(crate) enum Rows<'s> {
    /// SQLite's.
    Sqlite(rusqlite::Rows<'s>),
    /// PostgreSQL's: all of them, the last one first.
    Postgres(Vec<tokio_postgres::Row>),
}

/// A row.
pub(crate) enum Row<'r> {
    /// SQLite's.
    Sqlite(&'r rusqlite::Row<'r>),
    /// PostgreSQL's.
    Postgres(tokio_postgres::Row),
}

/// Rows, each read by a function.
pub(crate) struct MappedRows<'s, F> {
    rows: Rows<'s>,
    read: F,
}

impl Statement<'_> {
    /// Runs it. Returns how many rows it changed.
    pub(crate) fn execute(&mut self, parameters: impl Params) -> Result<usize> {
        match self {
            Self::Sqlite(statement) => sqlite::execute(statement, parameters),
            Self::Postgres(statement) => statement.execute(parameters),
        }
    }

    /// Runs it and gives the rows that it finds.
    pub(crate) fn query(&mut self, parameters: impl Params) -> Result<Rows<'_>> {
        match self {
            Self::Sqlite(statement) => sqlite::query(statement, parameters).map(Rows::Sqlite),
            Self::Postgres(statement) => {
                let mut rows = statement.query(parameters)?;
                rows.reverse();
                Ok(Rows::Postgres(rows))
            }
        }
    }

    /// Runs it and reads each row that it finds.
    pub(crate) fn query_map<T, F: FnMut(&Row<'_>) -> Result<T>>(
        &mut self,
        parameters: impl Params,
        read: F,
    ) -> Result<MappedRows<'_, F>> {
        let rows = self.query(parameters)?;
        Ok(MappedRows { rows, read })
    }

    /// Runs it and reads the first row that it finds.
    ///
    /// # Errors
    /// [`Error::NoRow`] when there is none.
    pub(crate) fn query_row<T>(
        &mut self,
        parameters: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut rows = self.query(parameters)?;
        read(&rows.next()?.ok_or(Error::NoRow)?)
    }

    /// Whether it finds anything.
    pub(crate) fn exists(&mut self, parameters: impl Params) -> Result<bool> {
        Ok(self.query(parameters)?.next()?.is_some())
    }
}

impl Rows<'_> {
    /// The next one; `None`: that was all.
    pub(crate) fn next(&mut self) -> Result<Option<Row<'_>>> {
        match self {
            Self::Sqlite(rows) => Ok(rows.next()?.map(Row::Sqlite)),
            Self::Postgres(rows) => Ok(rows.pop().map(Row::Postgres)),
        }
    }
}

impl Row<'_> {
    /// A column, from 0.
    pub(crate) fn get<T: FromSql>(&self, column: usize) -> Result<T> {
        T::from_value(self.value(column)?).ok_or(Error::Column(column))
    }

    fn value(&self, column: usize) -> Result<Value<'_>> {
        match self {
            Self::Sqlite(row) => sqlite::value(row, column),
            Self::Postgres(row) => session::value(row, column),
        }
    }
}

impl<T, F: FnMut(&Row<'_>) -> Result<T>> Iterator for MappedRows<'_, F> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.rows.next() {
            Ok(row) => row.map(|row| (self.read)(&row)),
            Err(error) => Some(Err(error)),
        }
    }
}

/// A query for one row that may find none.
pub(crate) trait OptionalExtension<T> {
    /// `None` when it found none.
    fn optional(self) -> Result<Option<T>>;
}

impl<T> OptionalExtension<T> for Result<T> {
    fn optional(self) -> Result<Option<T>> {
        match self {
            Ok(found) => Ok(Some(found)),
            Err(Error::NoRow) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
