//! What is remembered of the node's past, in its back end's own terms.

use crate::{error::Error, sql::OptionalExtension, store::Store};
use facture_domain::{NodeId, StoredHistory};

impl Store {
    /// What is remembered of the node's past; `None` when that is nothing.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn history(&self) -> Result<Option<StoredHistory>, Error> {
        let text: Option<Option<String>> = self.lookup(|connection| {
            Ok(connection
                .prepare_cached("SELECT history FROM nodes")?
                .query_row([], |row| row.get(0))
                .optional()?)
        })?;
        Ok(text.flatten().map(StoredHistory::new))
    }

    /// Stores what is remembered of the node's past. It may be behind the cursor: what comes after it is read once more
    /// then.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn save_history(&self, node: &NodeId, history: &StoredHistory) -> Result<(), Error> {
        let history = history.clone();
        self.write_for(node, move |unit| {
            unit.execute(
                "UPDATE nodes SET history = ?1 WHERE id = ?2",
                (history.as_str(), unit.node().as_str()),
            )?;
            Ok(())
        })
        .await
    }
}
