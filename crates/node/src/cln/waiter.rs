//! Waiting for the node's next change: a call without a deadline, on a connection of its own.

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    call_error::CallError,
    client::{Client, read},
    connection::Connection,
    error::malformed,
    invoice_state::State,
};
use crate::cln::{error::Error, listed::Listed, method::Method};

/// A connection that waits for what happens to the node's invoices.
#[derive(Debug)]
pub struct Waiter(Connection);

/// A deletion, as the node tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// The node's `deleted` index after it: how many were deleted so far.
    pub reached: u64,
    /// The last one that was deleted; `None` when it was deleted before the question.
    pub(crate) last: Option<Gone>,
}

/// An invoice that the node has no more.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub(crate) struct Gone {
    /// Its label, which may be another program's.
    pub label: String,
    /// Where it stood when it was deleted.
    pub status: State,
}

/// The subsystem of `wait` that counts invoices.
pub(super) const INVOICES: &str = "invoices";

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
    /// It may take for ever: a caller that gives up drops the connection with it.
    ///
    /// # Errors
    /// [`Error`] when the connection ends.
    pub async fn updated(self, next: u64) -> Result<(Self, u64), Error> {
        let wait = json!({ "subsystem": INVOICES, "indexname": "updated", "nextvalue": next });
        let (connection, answer) = self.wait(Method::Wait, &wait).await?;
        let Updated { updated } = read(Method::Wait, answer)?;
        Ok((connection, reached(updated, next)?))
    }

    /// Waits until the node's `deleted` index is `next` or more (`wait invoices deleted`, since v23.08). It may take for
    /// ever: a caller that gives up drops the connection with it.
    ///
    /// # Errors
    /// [`Error`] when the connection ends.
    pub async fn deleted(self, next: u64) -> Result<(Self, Deletion), Error> {
        let wait = json!({ "subsystem": INVOICES, "indexname": "deleted", "nextvalue": next });
        let (connection, answer) = self.wait(Method::Wait, &wait).await?;
        let Deleted {
            deleted,
            invoices,
            details,
        } = read(Method::Wait, answer)?;
        let last = invoices.or(details);
        let deletion = Deletion {
            reached: reached(deleted, next)?,
            last: last.and_then(|last| serde_json::from_value(last).ok()),
        };
        Ok((connection, deletion))
    }

    /// Waits for the next payment from now on, of whichever invoice (`waitanyinvoice`); returns that invoice. It may take
    /// for ever: a caller that gives up drops the connection with it.
    ///
    /// # Errors
    /// [`Error`] when the connection ends, or the invoice, which may be another program's, cannot be read.
    pub async fn paid(self) -> Result<(Self, Listed), Error> {
        let after = json!({ "lastpay_index": ANY_AFTER_NOW });
        let (connection, answer) = self.wait(Method::Waitanyinvoice, &after).await?;
        Ok((connection, read(Method::Waitanyinvoice, answer)?))
    }

    pub(super) async fn wait(self, method: Method, params: &Value) -> Result<(Self, Value), Error> {
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

#[derive(Deserialize)]
struct Deleted {
    deleted: u64,
    /// Since v25.05; `details` before. A deletion before the question has neither.
    invoices: Option<Value>,
    details: Option<Value>,
}

/// An answer that came too early would be asked for again at once, for ever.
fn reached(now: u64, awaited: u64) -> Result<u64, Error> {
    if now < awaited {
        return Err(malformed(
            Method::Wait,
            "the index is not there yet that was waited for",
        ));
    }
    Ok(now)
}
