//! What is remembered of the node's history: its last updates and how many deletions there were. Its index alone does not
//! tell a node that went on from one that was put back to an older state and went on from there.

use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};

use crate::{error::Error, rows::json, store::Store};
use facture_domain::NodeId;

/// The node's history, as far as it was applied.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct History {
    /// The last updates, in their order.
    pub updates: Vec<Update>,
    /// lightningd's `deleted` index when everything of ours that can still be paid was known to be there; `None`: it was
    /// not looked at.
    pub deleted: Option<u64>,
}

/// An update of an invoice, ours or another program's.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Update {
    /// lightningd's `updated` index.
    pub index: u64,
    /// Which invoice, and what became of it.
    pub fingerprint: String,
}

impl Store {
    /// What is remembered of the node's history.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn history(&self) -> Result<History, Error> {
        let text: Option<Option<String>> = self.look_up(|connection| {
            Ok(connection
                .prepare_cached("SELECT history FROM nodes")?
                .query_row([], |row| row.get(0))
                .optional()?)
        })?;
        match text.flatten() {
            Some(text) => serde_json::from_str(&text).map_err(|_| Error::Corrupt("history")),
            None => Ok(History::default()),
        }
    }

    /// Writes the node's history down. It may be behind the cursor: what comes after it is applied once more then.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn save_history(&self, node: &NodeId, history: &History) -> Result<(), Error> {
        let (node, history) = (node.clone(), json(history)?);
        self.write(move |unit| {
            unit.check_node(&node)?;
            unit.execute(
                "UPDATE nodes SET history = ?1 WHERE id = ?2",
                (history, node.as_str()),
            )?;
            Ok(())
        })
        .await
    }
}
