//! SQLite's statements, values and transactions.

use rusqlite::types::{ToSqlOutput, ValueRef};

use crate::sql::{
    durability::Durability,
    error::{Error, Result},
    params::Params,
    value::Value,
};

/// A connection to a file of SQLite.
#[derive(Debug)]
pub(crate) struct Sqlite {
    connection: rusqlite::Connection,
    /// Its current setting.
    durability: Durability,
}

impl Sqlite {
    /// With the settings that `connection.rs` makes.
    pub(crate) fn new(connection: rusqlite::Connection) -> Self {
        Self {
            connection,
            durability: Durability::Full,
        }
    }

    /// A statement, prepared at its first use.
    pub(super) fn prepare_cached(&self, sql: &str) -> Result<rusqlite::CachedStatement<'_>> {
        Ok(self.connection.prepare_cached(sql)?)
    }

    pub(super) fn snapshot(&self) -> Result<rusqlite::Transaction<'_>> {
        Ok(self.connection.unchecked_transaction()?)
    }

    pub(super) fn begin(&mut self, durability: Durability) -> Result<()> {
        if self.durability != durability {
            self.connection.execute_batch(match durability {
                Durability::Full => "PRAGMA synchronous = FULL",
                Durability::Relaxed => "PRAGMA synchronous = NORMAL",
            })?;
            self.durability = durability;
        }
        self.run("BEGIN IMMEDIATE")
    }

    pub(super) fn run(&self, sql: &str) -> Result<()> {
        self.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    pub(super) fn is_in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }
}

pub(super) fn execute(
    statement: &mut rusqlite::Statement<'_>,
    parameters: impl Params,
) -> Result<usize> {
    bind(statement, parameters)?;
    Ok(statement.raw_execute()?)
}

pub(super) fn query<'s>(
    statement: &'s mut rusqlite::Statement<'_>,
    parameters: impl Params,
) -> Result<rusqlite::Rows<'s>> {
    bind(statement, parameters)?;
    Ok(statement.raw_query())
}

/// A column.
pub(super) fn value<'r>(row: &'r rusqlite::Row<'_>, column: usize) -> Result<Value<'r>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Text(text) => {
            Value::Text(str::from_utf8(text).map_err(|_| Error::Column(column))?)
        }
        ValueRef::Blob(bytes) => Value::Blob(bytes),
        // No column of ours is one.
        ValueRef::Real(_) => return Err(Error::Column(column)),
    })
}

fn bind(statement: &mut rusqlite::Statement<'_>, parameters: impl Params) -> Result<()> {
    let expected = statement.parameter_count();
    let given = parameters.each(|number, value| {
        // One too many is reported below.
        if number <= expected {
            statement.raw_bind_parameter(number, value)?;
        }
        Ok(())
    })?;
    match given == expected {
        true => Ok(()),
        false => Err(Error::Parameters { expected, given }),
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
