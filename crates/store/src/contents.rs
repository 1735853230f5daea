//! What is in a copy of the database, and whether it is sound. It may have the tables of any version of this program.

use std::{collections::BTreeMap, path::Path};

use rusqlite::{Connection, OpenFlags};

use crate::{
    applied::{Inspected, has_table},
    connection,
    error::Error,
    rows::from_sql,
    sequence,
    sql::all,
};
use facture_domain::NodeId;

/// What is in a copy of the records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordsContents {
    /// The version of the tables.
    pub schema: u32,
    /// The node whose invoices these are; `None` while there are none.
    pub node: Option<NodeId>,
    /// The number of the last event that there ever was; 0: none.
    pub last_event: u64,
    /// How many rows each table has.
    pub rows: BTreeMap<String, u64>,
}

/// So many faults of a damaged database are named.
const MAX_FAULTS: u32 = 3;

/// Checks all pages and indexes of the database in `file`, and reads what is in it.
///
/// # Errors
/// [`Error::Damaged`] when it is not sound. [`Error`] when it cannot be read.
pub(super) fn check(file: &Path) -> Result<RecordsContents, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = connection::open(file, flags)?;
    let faults = all(
        &connection,
        &format!("PRAGMA integrity_check({MAX_FAULTS})"),
        [],
        |row| row.get::<String>(0),
        Ok,
    )?;
    if faults != ["ok"] {
        return Err(Error::Damaged(faults.join("; ")));
    }
    read(&connection)
}

fn read(connection: &Connection) -> Result<RecordsContents, Error> {
    let Inspected { schema, node } = Inspected::read(connection)?;
    let last_event = match has_table(connection, "event_numbers")? {
        true => sequence::last(connection)?,
        false => 0,
    };
    let tables = all(
        connection,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
        [],
        |row| row.get::<String>(0),
        Ok,
    )?;
    let mut rows = BTreeMap::new();
    for table in tables {
        let quoted = table.replace('"', "\"\"");
        let sql = format!("SELECT count(*) FROM \"{quoted}\"");
        let count: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
        rows.insert(table, from_sql(count)?);
    }
    Ok(RecordsContents {
        schema,
        node,
        last_event,
        rows,
    })
}
