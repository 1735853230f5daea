//! A client of one LND: a pool of connections, and one deadline for each call.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use facture_domain::NodeId;
use facture_runtime::metrics;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::{
    connection::{Answer, Connection},
    endpoint::Endpoint,
    error::Error,
    hints::Hints,
    method::Method,
    pool::Pool,
    request::Request,
};

/// How to reach LND.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it is, and what lets us in.
    pub endpoint: Endpoint,
    /// How long one call may take, waiting for a connection included.
    pub deadline: Duration,
    /// The most connections at once.
    pub connections: usize,
    /// The most calls that wait for a free connection.
    pub queue: usize,
    /// The node that must answer; without one, the first that answers is it.
    pub node: Option<NodeId>,
}

/// A client of one LND. Cheap to clone; all clones share the connections.
#[derive(Clone, Debug)]
pub struct Client {
    pool: Arc<Pool>,
    deadline: Duration,
    hints: Hints,
}

impl Client {
    /// Makes a client. Connects when the first call needs it, so a node that is down now may come later.
    pub fn new(options: Options) -> Self {
        Self {
            deadline: options.deadline,
            hints: Hints::default(),
            pool: Arc::new(Pool::new(
                options.endpoint,
                options.connections,
                options.queue,
                options.node,
            )),
        }
    }

    /// The node that the calls went to so far, or are to go to.
    pub fn node(&self) -> Option<&NodeId> {
        self.pool.node()
    }

    /// The same, whose invoices name these channels.
    pub fn with_hints(self, hints: Hints) -> Self {
        Self { hints, ..self }
    }

    /// The rights in the macaroon that facture does not need, such as `offchain:write`; none where it does not show.
    ///
    /// # Errors
    /// [`Error::Credential`] when the file cannot be read.
    pub async fn excess_rights(&self) -> Result<Vec<String>, Error> {
        self.pool.excess_rights().await
    }

    /// The channels that its invoices name.
    pub(super) fn hints(&self) -> Hints {
        self.hints
    }

    /// One call: a connection of its own for as long as it lasts, one deadline for all of it.
    pub(super) async fn call<R: DeserializeOwned>(&self, request: &Request) -> Result<R, Error> {
        let (answer, _) = self.call_at(request).await?;
        Ok(answer)
    }

    /// The same, with the node's time.
    pub(super) async fn call_at<R: DeserializeOwned>(
        &self,
        request: &Request,
    ) -> Result<(R, Option<Timestamp>), Error> {
        let method = request.method;
        let began = Instant::now();
        let answer = match timeout(self.deadline, self.pool.call(request)).await {
            Ok(answer) => answer.and_then(|Answer { body, at }| Ok((read(method, &body)?, at))),
            Err(_) => Err(self.timed_out(method)),
        };
        let outcome = answer.as_ref().err().map_or("answered", Error::kind);
        metrics::node_called(method.name(), outcome, began.elapsed());
        answer
    }

    /// A connection besides those of the pool.
    pub(super) async fn connection(&self, method: Method) -> Result<Connection, Error> {
        match timeout(self.deadline, self.pool.connect()).await {
            Ok(connection) => connection,
            Err(_) => Err(self.timed_out(method)),
        }
    }

    fn timed_out(&self, method: Method) -> Error {
        Error::TimedOut {
            method,
            after: self.deadline,
        }
    }
}

/// Reads an answer.
pub(super) fn read<R: DeserializeOwned>(method: Method, answer: &[u8]) -> Result<R, Error> {
    serde_json::from_slice(answer).map_err(|error| {
        let reason = error.to_string();
        if error.is_data() {
            Error::Malformed { method, reason }
        } else {
            Error::Unreadable { method, reason }
        }
    })
}
