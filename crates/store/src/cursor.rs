//! How far a node's updates are applied, and which node that is, as the database has it.

use std::sync::OnceLock;

use rusqlite::{Connection, OptionalExtension};

use crate::{
    error::Error,
    rows::{from_sql, to_sql},
};
use facture_domain::NodeId;

/// How far a node's invoices are in the mirror.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// lightningd's `updated` index: all updates up to it are applied.
    pub updated: u64,
    /// lightningd's `created` index: all invoices up to it were looked at.
    pub created: u64,
}

/// The node that the data is known to be bound to, which is for ever.
#[derive(Debug, Default)]
pub(super) struct BoundNode(OnceLock<NodeId>);

impl BoundNode {
    /// Whether it is known to be this one, without asking.
    pub(super) fn is(&self, node: &NodeId) -> bool {
        self.0.get() == Some(node)
    }

    /// It is committed that it is this one.
    pub(super) fn set(&self, node: NodeId) {
        self.0.get_or_init(|| node);
    }
}

/// How far the node is, if the data is bound to it.
pub(super) fn known(connection: &Connection, node: &NodeId) -> Result<Option<Cursor>, Error> {
    let row: Option<(String, i64, i64)> = connection
        .prepare_cached("SELECT id, updated_index, created_index FROM nodes")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((id, updated, created)) = row else {
        return Ok(None);
    };
    let expected = NodeId::new(id);
    if expected != *node {
        return Err(Error::OtherNode {
            expected,
            found: node.clone(),
        });
    }
    Ok(Some(Cursor {
        updated: from_sql(updated)?,
        created: from_sql(created)?,
    }))
}

pub(super) fn bind(connection: &Connection, node: &NodeId) -> Result<(), Error> {
    connection
        .prepare_cached("INSERT INTO nodes (id, updated_index, created_index) VALUES (?1, 0, 0)")?
        .execute([node.as_str()])?;
    Ok(())
}

/// There is one node, so one row.
pub(super) fn move_cursor(connection: &Connection, to: Cursor) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE nodes SET updated_index = ?1, created_index = ?2")?
        .execute([to_sql(to.updated)?, to_sql(to.created)?])?;
    Ok(())
}
