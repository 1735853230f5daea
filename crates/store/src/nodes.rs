//! Whose invoices these are, and how far that node's updates are applied.

use crate::{
    cursor,
    error::Error,
    rows::{from_sql, to_sql},
    sql::OptionalExtension,
    store::Store,
};
use facture_domain::{NodeId, StoredCursor};

impl Store {
    /// The node whose invoices these are; `None` while there are none.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn node(&self) -> Result<Option<NodeId>, Error> {
        self.lookup(|connection| {
            let id = connection
                .prepare_cached("SELECT id FROM nodes")?
                .query_row([], |row| row.get(0))
                .optional()?;
            Ok(id.map(NodeId::new))
        })
    }

    /// How far the mirror has an invoice for each number that the node gave after this one, without a gap. Each begins with an
    /// event, by whose index it is found; what was imported without one is a gap.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn contiguous_until(&self, number: u64) -> Result<u64, Error> {
        let number = to_sql(number)?;
        self.query(move |connection| {
            let last: i64 = connection
                .prepare_cached(
                    "WITH RECURSIVE whole (last) AS ( \
                         VALUES (CAST(?1 AS BIGINT)) UNION ALL SELECT last + 1 FROM whole \
                         WHERE EXISTS (SELECT 1 FROM events WHERE invoice_number = last + 1) \
                     ) SELECT max(last) FROM whole",
                )?
                .query_row([number], |row| row.get(0))?;
            from_sql(last)
        })
        .await
    }

    /// Binds the data to `node`, if it is not yet bound, and says how far it is; `None` when nothing was read of it yet. To be asked again
    /// after [`Error::Reconnected`].
    ///
    /// # Errors
    /// [`Error::OtherNode`] when it belongs to another.
    pub async fn bind(&self, node: &NodeId) -> Result<Option<StoredCursor>, Error> {
        let bound = self.write_for(node, |unit| {
            let known = cursor::known(unit, unit.node())?.flatten();
            Ok((known, unit.term()))
        });
        let (known, term) = bound.await?;
        self.shared.terms.read_in(term);
        Ok(known)
    }

    /// Moves the cursor without changing the mirror: the node's changes are to be read again from there.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn move_cursor(&self, node: &NodeId, to: &StoredCursor) -> Result<(), Error> {
        let to = to.clone();
        self.write_for(node, move |unit| unit.move_cursor(&to))
            .await
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::{at, invoice, opened};
    use facture_domain::Status;

    #[tokio::test]
    async fn what_the_mirror_has_ends_at_the_first_gap() {
        let (_directory, store, node) = opened().await;
        let page = [2, 3, 4, 6, 7].map(|number| invoice(number, String::new(), Status::Unpaid));
        store.apply(&node, &page, &at(0)).await.unwrap();
        for (after, until) in [(0, 0), (1, 4), (3, 4), (4, 4), (5, 7), (7, 7)] {
            assert_eq!(
                store.contiguous_until(after).await.unwrap(),
                until,
                "{after}"
            );
        }
    }
}
