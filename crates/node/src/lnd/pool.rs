//! The connections to LND. A connection serves one call at a time and is kept only after its answer was read: on one whose
//! call was given up, the next call would find the earlier one's answer, one buyer another's invoice.

use std::{
    io,
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};

use facture_domain::NodeId;
use facture_runtime::metrics;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{
    connection::{Answer, Connection},
    endpoint::Endpoint,
    error::{Error, malformed},
    info::Info,
    method::Method,
    request::Request,
};

#[derive(Debug)]
pub(super) struct Pool {
    endpoint: Endpoint,
    /// Calls that run or wait: beyond that, callers are told to come again.
    admission: Semaphore,
    /// Calls that run: each has a connection.
    slots: Semaphore,
    /// Connections without a call, the last used at the end.
    idle: Mutex<Vec<Connection>>,
    /// The node that all connections lead to: the one that is expected, or the first that answered.
    node: OnceLock<NodeId>,
}

impl Pool {
    /// At most so many connections, and so many calls that wait for one. `node`: who must answer.
    pub(super) fn new(
        endpoint: Endpoint,
        connections: usize,
        queue: usize,
        node: Option<NodeId>,
    ) -> Self {
        let admission = connections.saturating_add(queue);
        Self {
            endpoint,
            admission: Semaphore::new(admission.min(Semaphore::MAX_PERMITS)),
            slots: Semaphore::new(connections),
            idle: Mutex::default(),
            node: node.map(OnceLock::from).unwrap_or_default(),
        }
    }

    /// Makes a call on an idle connection, or on a new one when there is none.
    ///
    /// An idle connection may have died with an earlier lnd, which shows only when it is used: a call that is lost on one
    /// is made once more, on a new one. All calls we send can be repeated: they only read, or their payment hash makes the
    /// repetition harmless.
    pub(super) async fn call(&self, request: &Request) -> Result<Answer, Error> {
        let _admitted = self.admission.try_acquire().map_err(|_| Error::Busy)?;
        let _slot = self.slot().await?;
        // Bound to a name first, or the lock would be held across the call.
        let idle = self.idle().pop();
        let Some(idle) = idle else {
            return self.call_on(self.connect().await?, request).await;
        };
        match self.call_on(idle, request).await {
            Err(lost @ (Error::Lost { .. } | Error::Unreadable { .. })) => {
                // The others are from the same time.
                self.idle().clear();
                let fresh = self.connect().await.map_err(|error| match error {
                    Error::OtherNode { .. } => error,
                    // Not "unreachable": the call was sent once and may have been carried out.
                    _ => lost,
                })?;
                self.call_on(fresh, request).await
            }
            answer => answer,
        }
    }

    /// The connection is ours until the answer is here; dropped anywhere before, it is closed. So it is after a refusal
    /// for the macaroon: the next connection reads the file again.
    async fn call_on(
        &self,
        mut connection: Connection,
        request: &Request,
    ) -> Result<Answer, Error> {
        let answer = connection.call(request).await;
        if let Ok(_) | Err(Error::Rejected { .. }) = answer {
            self.idle().push(connection);
        }
        answer
    }

    async fn slot(&self) -> Result<SemaphorePermit<'_>, Error> {
        let _waits = metrics::node_call_waits();
        self.slots.acquire().await.map_err(|_| Error::Busy)
    }

    /// Connects, and makes sure that it is still the same node: the address may have been taken over by another.
    pub(super) async fn connect(&self) -> Result<Connection, Error> {
        let mut connection = self.open().await?;
        // Whatever goes wrong here, the call itself was not sent.
        let info = connection.call(&Request::plain(Method::GetInfo)).await;
        let info = info.and_then(|info| {
            serde_json::from_slice::<Info>(&info.body)
                .map_err(|error| malformed(Method::GetInfo, error))
        });
        let found = info.map(|info| info.id()).map_err(|error| match error {
            Error::Forbidden { .. } | Error::NotReady { .. } => error,
            other => Error::Unreachable(io::Error::other(format!("{}: {other}", self.endpoint))),
        })?;
        let expected = self.node.get_or_init(|| found.clone());
        if *expected == found {
            Ok(connection)
        } else {
            Err(Error::OtherNode {
                expected: expected.clone(),
                found,
            })
        }
    }

    /// The rights in the macaroon that facture does not need.
    pub(super) async fn excess_rights(&self) -> Result<Vec<String>, Error> {
        self.endpoint.excess_rights().await
    }

    /// Connects to whatever node is there, in whatever state.
    pub(super) async fn open(&self) -> Result<Connection, Error> {
        let (http, access) = self.endpoint.open().await?;
        Ok(Connection::new(http, access))
    }

    /// The node that the calls went to so far, or are to go to.
    pub(super) fn node(&self) -> Option<&NodeId> {
        self.node.get()
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
