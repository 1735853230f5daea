//! Waiting for the node's next change: a call without a deadline, on a connection of its own.

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    Client, Error, Listed, Method,
    connection::{CallError, Connection},
    read,
};

/// A connection that waits for what happens to the node's invoices.
#[derive(Debug)]
pub struct Waiter(Connection);

/// Beyond every pay index: lightningd's database has signed numbers.
const ANY_AFTER_NOW: u64 = i64::MAX.unsigned_abs();

impl Client {
    /// Opens a connection to wait on, besides those of the pool.
    ///
    /// # Errors
    /// [`Error`] when there is none within the deadline of a call.
    pub async fn waiter(&self) -> Result<Waiter, Error> {
        match timeout(self.deadline, self.pool.connect()).await {
            Ok(connected) => connected
                .map(Waiter)
                .map_err(|error| error.into_error(Method::Wait)),
            Err(_) => Err(Error::TimedOut {
                method: Method::Wait,
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
        let (connection, answer) = self.wait(Method::Wait, &wait).await?;
        let Updated { updated } = read(Method::Wait, answer)?;
        Ok((connection, updated))
    }

    /// Waits for the next payment from now on, of whichever invoice (`waitanyinvoice`); returns that invoice. It may take
    /// for ever: whoever gives up drops the connection with it.
    ///
    /// # Errors
    /// [`Error`] when the connection ends, or the invoice, which may be another program's, cannot be read.
    pub async fn paid(self) -> Result<(Self, Listed), Error> {
        let after = json!({ "lastpay_index": ANY_AFTER_NOW });
        let (connection, answer) = self.wait(Method::Waitanyinvoice, &after).await?;
        Ok((connection, read(Method::Waitanyinvoice, answer)?))
    }

    async fn wait(self, method: Method, params: &Value) -> Result<(Self, Value), Error> {
        let waited = self.0.wait(method, params).await;
        let (connection, answer) = waited.map_err(|error: CallError| error.into_error(method))?;
        Ok((Self(connection), answer))
    }
}

/// What we need of the answer of `wait`.
#[derive(Deserialize)]
pub(super) struct Updated {
    pub(super) updated: u64,
}
