//! How far a node's updates are applied, and which node that is, as the database has it.

use std::sync::OnceLock;

use crate::error::Error;
use crate::sql::{OptionalExtension, Statements};
use facture_domain::{NodeId, StoredCursor};

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
pub(super) fn known(
    database: &impl Statements,
    node: &NodeId,
) -> Result<Option<Option<StoredCursor>>, Error> {
    let row: Option<(String, Option<String>)> = database
        .prepare_cached("SELECT id, cursor FROM nodes")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((id, cursor)) = row else {
        return Ok(None);
    };
    let expected = NodeId::new(id);
    if expected != *node {
        return Err(Error::OtherNode {
            expected,
            found: node.clone(),
        });
    }
    Ok(Some(cursor.map(StoredCursor::new)))
}

pub(super) fn bind(database: &impl Statements, node: &NodeId) -> Result<(), Error> {
    database
        .prepare_cached("INSERT INTO nodes (id) VALUES (?1)")?
        .execute([node.as_str()])?;
    Ok(())
}

/// There is one node, so one row.
pub(super) fn move_cursor(database: &impl Statements, to: &StoredCursor) -> Result<(), Error> {
    database
        .prepare_cached("UPDATE nodes SET cursor = ?1")?
        .execute([to.as_str()])?;
    Ok(())
}
