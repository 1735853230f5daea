//! Waiting for the node's next change: a call without a deadline, on a connection of its own.

use serde::Deserialize;
use serde_json::json;
use tokio::time::timeout;

use super::{
    Client, Error, Method,
    connection::{CallError, Connection},
    read,
};

/// A connection that waits for changes of the node's invoices.
#[derive(Debug)]
pub struct Waiter(Connection);

const METHOD: Method = Method::Wait;

impl Client {
    /// Opens a connection to wait on, besides those of the pool.
    ///
    /// # Errors
    /// [`Error`] when there is none within the deadline of a call.
    pub async fn waiter(&self) -> Result<Waiter, Error> {
        match timeout(self.deadline, self.pool.connect()).await {
            Ok(connected) => connected
                .map(Waiter)
                .map_err(|error| error.into_error(METHOD)),
            Err(_) => Err(Error::TimedOut {
                method: METHOD,
                after: self.deadline,
            }),
        }
    }
}

impl Waiter {
    /// Waits until the node's `updated` index is `next` or more; returns it (`wait invoices updated`, since v23.08).
    /// It may take for ever: whoever gives up drops the connection with it.
    ///
    /// # Errors
    /// [`Error`] when the connection ends.
    pub async fn updated(self, next: u64) -> Result<(Self, u64), Error> {
        let wait = json!({ "subsystem": "invoices", "indexname": "updated", "nextvalue": next });
        let (connection, answer) = self
            .0
            .wait(METHOD, &wait)
            .await
            .map_err(|error: CallError| error.into_error(METHOD))?;
        let Updated { updated } = read(METHOD, answer)?;
        Ok((Self(connection), updated))
    }
}

/// What we need of the answer of `wait`.
#[derive(Deserialize)]
pub(super) struct Updated {
    pub(super) updated: u64,
}
