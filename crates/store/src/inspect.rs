//! Looking at records from outside, whoever has them open: nothing is locked, made or brought up to date.

use std::path::Path;

use rusqlite::OpenFlags;

use crate::{
    applied::Inspected,
    connection,
    error::Error,
    schema,
    sql::postgres::{server::Server, session::Session, tables, url::PostgresUrl},
    store::Store,
};
use facture_domain::NodeId;

impl Store {
    /// The last migration that this program knows.
    pub const SCHEMA: u32 = schema::NEWEST;

    /// The last one of PostgreSQL's tables.
    pub const POSTGRES_SCHEMA: u32 = tables::NEWEST;

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

    /// The same of a database of PostgreSQL. It waits on this thread.
    ///
    /// # Errors
    /// [`Error`] when it cannot be reached or read.
    pub fn inspect_postgres(url: PostgresUrl) -> Result<Option<Inspected>, Error> {
        let server = Server::new(url)?;
        let session = Session::connect(&server)?;
        Ok(tables::inspect(&session)?.map(|(schema, node)| Inspected {
            schema,
            node: node.map(NodeId::new),
        }))
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
