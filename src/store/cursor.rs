//! Whose invoices these are, and how far that node's updates are applied.

use std::sync::OnceLock;

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::{
    Error, Store,
    rows::{from_sql, to_sql},
};
use crate::invoice::NodeId;

/// How far a node's invoices are in the mirror.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// lightningd's `updated` index: all updates up to it are applied.
    pub updated: u64,
    /// lightningd's `created` index: all invoices up to it were looked at.
    pub created: u64,
}

impl Store {
    /// The node whose invoices these are; `None` while there are none.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn node(&self) -> Result<Option<NodeId>, Error> {
        let id: Option<String> = sqlx::query_scalar("SELECT id FROM nodes")
            .fetch_optional(&self.readers)
            .await?;
        Ok(id.map(NodeId::new))
    }

    /// How far the mirror has an invoice for each number of the node's `created` index after this one, without a gap.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn whole_until(&self, created: u64) -> Result<u64, Error> {
        let last: i64 = sqlx::query_scalar(
            "WITH RECURSIVE whole (last) AS ( \
                 VALUES ($1) UNION ALL SELECT last + 1 FROM whole \
                 WHERE EXISTS (SELECT 1 FROM invoices WHERE created_index = last + 1) \
             ) SELECT max(last) FROM whole",
        )
        .bind(to_sql(created)?)
        .fetch_one(&self.readers)
        .await?;
        from_sql(last)
    }

    /// Binds the data to `node`, if it is not yet bound, and says how far it is.
    ///
    /// # Errors
    /// [`Error::OtherNode`] when it belongs to another.
    pub async fn bind(&self, node: &NodeId) -> Result<Cursor, Error> {
        let mut work = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let known = known(&mut work, node).await?;
        if known.is_none() {
            bind(&mut work, node).await?;
        }
        work.commit().await?;
        Ok(known.unwrap_or_default())
    }

    /// Starts over: the node's updates are to be applied again from the first on. Nothing in the mirror changes by that.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn rewind(&self, node: &NodeId) -> Result<(), Error> {
        let mut work = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        self.bound.check(&mut work, node).await?;
        move_cursor(&mut work, Cursor::default()).await?;
        work.commit().await?;
        Ok(())
    }
}

/// The node that the data is known to be bound to, which is for ever.
#[derive(Debug, Default)]
pub(super) struct Bound(OnceLock<NodeId>);

impl Bound {
    /// Whether it is known to be this one, without asking.
    pub(super) fn is(&self, node: &NodeId) -> bool {
        self.0.get() == Some(node)
    }

    /// Inside a unit of work: makes sure that it is about the right node.
    pub(super) async fn check(
        &self,
        work: &mut SqliteConnection,
        node: &NodeId,
    ) -> Result<(), Error> {
        if self.is(node) {
            return Ok(());
        }
        match known(work, node).await? {
            // It is there already, so it is committed.
            Some(_) => {
                self.0.get_or_init(|| node.clone());
            }
            None => bind(work, node).await?,
        }
        Ok(())
    }
}

/// How far the node is, if the data is bound to it.
async fn known(work: &mut SqliteConnection, node: &NodeId) -> Result<Option<Cursor>, Error> {
    let row: Option<SqliteRow> = sqlx::query("SELECT id, updated_index, created_index FROM nodes")
        .fetch_optional(work)
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let expected = NodeId::new(row.try_get("id")?);
    if expected != *node {
        return Err(Error::OtherNode {
            expected,
            found: node.clone(),
        });
    }
    Ok(Some(Cursor {
        updated: from_sql(row.try_get("updated_index")?)?,
        created: from_sql(row.try_get("created_index")?)?,
    }))
}

async fn bind(work: &mut SqliteConnection, node: &NodeId) -> Result<(), Error> {
    sqlx::query("INSERT INTO nodes (id, updated_index, created_index) VALUES ($1, 0, 0)")
        .bind(node.as_str())
        .execute(work)
        .await?;
    Ok(())
}

/// Inside a unit of work: there is one node, so one row.
pub(super) async fn move_cursor(work: &mut SqliteConnection, to: Cursor) -> Result<(), Error> {
    sqlx::query("UPDATE nodes SET updated_index = $1, created_index = $2")
        .bind(to_sql(to.updated)?)
        .bind(to_sql(to.created)?)
        .execute(work)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        invoice::Status,
        store::changes::tests::{invoice, opened},
    };

    #[tokio::test]
    async fn what_the_mirror_has_ends_at_the_first_gap() {
        let (_directory, store, node) = opened().await;
        let page = [2, 3, 4, 6, 7].map(|number| invoice(number, String::new(), Status::Unpaid));
        store.apply(&node, &page, Cursor::default()).await.unwrap();
        for (after, until) in [(0, 0), (1, 4), (3, 4), (4, 4), (5, 7), (7, 7)] {
            assert_eq!(store.whole_until(after).await.unwrap(), until, "{after}");
        }
    }
}
