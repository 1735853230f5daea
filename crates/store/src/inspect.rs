//! Looking at records from outside, whoever has them open: nothing is locked, made or brought up to date.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::{
    applied::{applied, has_table},
    connection,
    error::Error,
    schema,
    store::Store,
};
use facture_domain::NodeId;

/// What records say about themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspected {
    /// The last migration of the database.
    pub schema: u32,
    /// The node whose invoices these are, if it is known yet.
    pub node: Option<NodeId>,
}

impl Store {
    /// The last migration that this program knows.
    pub const SCHEMA: u32 = schema::NEWEST;

    /// What the records in `directory` say about themselves; `None` when there are none.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub fn inspect(directory: &Path) -> Result<Option<Inspected>, Error> {
        let file = directory.join(connection::FILE);
        if !Self::exists(directory) {
            return Ok(None);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = connection::open(&file, flags)?;
        Inspected::read(&connection).map(Some)
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::opened;

    #[tokio::test]
    async fn records_are_looked_at_while_they_are_open_and_after() {
        let (directory, store, node) = opened().await;
        let expected = Some(Inspected {
            schema: Store::SCHEMA,
            node: Some(node),
        });
        assert_eq!(Store::inspect(directory.path()).unwrap(), expected);
        store.close().await;
        assert_eq!(Store::inspect(directory.path()).unwrap(), expected);
    }

    #[test]
    fn where_there_are_none_none_are_made() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(Store::inspect(directory.path()).unwrap(), None);
        assert_eq!(directory.path().read_dir().unwrap().count(), 0);
    }
}
