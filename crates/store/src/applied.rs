//! Which migrations a database has had, whatever version of this program made it. Nothing is written.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::error::Error;

/// The versions of all migrations that the database has had; none where it has no tables yet.
pub(super) fn applied(connection: &Connection) -> Result<BTreeSet<u32>, Error> {
    // Until schema 9 sqlx kept count of them.
    let sql = if has_table(connection, "schema_migrations")? {
        "SELECT version FROM schema_migrations"
    } else if has_table(connection, "_sqlx_migrations")? {
        "SELECT version FROM _sqlx_migrations WHERE success"
    } else {
        return Ok(BTreeSet::new());
    };
    let mut statement = connection.prepare(sql)?;
    let versions = statement.query_map([], |row| row.get(0))?;
    Ok(versions.collect::<Result<_, _>>()?)
}

pub(super) fn has_table(connection: &Connection, name: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)";
    connection.query_row(sql, [name], |row| row.get(0))
}
