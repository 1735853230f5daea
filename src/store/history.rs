//! What is remembered of the node's history: its last updates and how many deletions there were. Its index alone does not
//! tell a node that went on from one that was put back to an older state and went on from there.

use serde::{Deserialize, Serialize};

use super::{Error, Store, rows::json};
use crate::invoice::NodeId;

/// The node's history, as far as it was applied.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct History {
    /// The last updates, in their order.
    pub updates: Vec<Update>,
    /// lightningd's `deleted` index when everything of ours that can still be paid was known to be there; `None`: it was
    /// not looked at.
    pub deleted: Option<u64>,
}

/// An update of an invoice, whoever's it is.
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
        let text: Option<Option<String>> = sqlx::query_scalar("SELECT history FROM nodes")
            .fetch_optional(&self.readers)
            .await?;
        match text.flatten() {
            Some(text) => serde_json::from_str(&text).map_err(|_| Error::Damaged("history")),
            None => Ok(History::default()),
        }
    }

    /// Writes the node's history down. It may be behind the cursor: what comes after it is applied once more then.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn save_history(&self, node: &NodeId, history: &History) -> Result<(), Error> {
        sqlx::query("UPDATE nodes SET history = $1 WHERE id = $2")
            .bind(json(history)?)
            .bind(node.as_str())
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}
