//! A client of one lightningd: a pool of connections, and one deadline for each call.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::time::timeout;

use super::{connection::Transport, error::Error, method::Method, pool::Pool};
use facture_domain::{NodeId, PrivateChannels};
use facture_runtime::metrics;

/// How to reach lightningd.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it lets us in.
    pub transport: Transport,
    /// How long one call may take, waiting for a connection included.
    pub deadline: Duration,
    /// The most connections at once.
    pub connections: usize,
    /// The most calls that wait for a free connection.
    pub queue: usize,
    /// The node that must answer; without one, the first that answers is it.
    pub node: Option<NodeId>,
}

/// A client of one lightningd. Cheap to clone; all clones share the connections.
#[derive(Clone, Debug)]
pub struct Client {
    pub(super) pool: Arc<Pool>,
    pub(super) deadline: Duration,
    pub(super) private_channels: PrivateChannels,
}

impl Client {
    /// Makes a client. Connects when the first call needs it, so a node that is down now may come later.
    pub fn new(options: Options) -> Self {
        Self {
            deadline: options.deadline,
            private_channels: PrivateChannels::default(),
            pool: Arc::new(Pool::new(
                options.transport,
                options.connections,
                options.queue,
                options.node,
            )),
        }
    }

    /// The same, whose invoices name these private channels.
    pub fn with_private_channels(self, private_channels: PrivateChannels) -> Self {
        Self {
            private_channels,
            ..self
        }
    }

    /// The node that the calls went to so far, or are to go to.
    pub fn node(&self) -> Option<&NodeId> {
        self.pool.node()
    }

    /// One call: a connection of its own for as long as it lasts, one deadline for all of it.
    pub(super) async fn call<P, R>(&self, method: Method, params: &P) -> Result<R, Error>
    where
        P: Serialize + std::fmt::Debug + Sync,
        R: DeserializeOwned,
    {
        let began = Instant::now();
        let answer = match timeout(self.deadline, self.pool.call(method, params)).await {
            Ok(answer) => answer
                .map_err(|error| error.into_error(method))
                .and_then(|answer| read(method, answer)),
            Err(_) => Err(Error::TimedOut {
                method,
                after: self.deadline,
            }),
        };
        let outcome = answer.as_ref().err().map_or("answered", Error::kind);
        metrics::node_called(method.name(), outcome, began.elapsed());
        answer
    }
}

/// Reads an answer.
pub(super) fn read<R: DeserializeOwned>(method: Method, answer: Value) -> Result<R, Error> {
    serde_json::from_value(answer).map_err(|error| Error::Malformed {
        method,
        reason: error.to_string(),
    })
}
