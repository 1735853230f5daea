//! What a database says about itself, whatever version of this program made it: which migrations it has had, and whose
//! invoices these are. Nothing is written.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension};

use crate::error::Error;
use facture_domain::NodeId;

/// What records say about themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspected {
    /// The last migration of the database.
    pub schema: u32,
    /// The node whose invoices these are, if it is known yet.
    pub node: Option<NodeId>,
}

impl Inspected {
    /// Of a database with the tables of any version.
    pub(super) fn read(connection: &Connection) -> Result<Self, Error> {
        // Older records keep the node elsewhere.
        let node = match has_table(connection, "nodes")? {
            true => connection
                .query_row("SELECT id FROM nodes", [], |row| row.get(0))
                .optional()?,
            false => None,
        };
        Ok(Self {
            schema: applied(connection)?.last().copied().unwrap_or_default(),
            node: node.map(NodeId::new),
        })
    }
}

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
