//! The connections to lightningd, over either transport. A connection serves one call at a time and is kept only after its answer was read.
//!
//! On a connection whose call was given up, the next call would find the earlier one's answer, one buyer another's
//! invoice. The socket's side compares ids; HTTP has none to compare. Pools from the registry return a
//! connection when it is dropped, which is the very moment this one must close it.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};

use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{
    call_error::CallError,
    connection::{Connection, Transport},
};
use crate::cln::method::Method;
use facture_domain::NodeId;
use facture_runtime::metrics;

#[derive(Debug)]
pub(super) struct Pool {
    transport: Transport,
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
        transport: Transport,
        connections: usize,
        queue: usize,
        node: Option<NodeId>,
    ) -> Self {
        Self {
            transport,
            admission: Semaphore::new(
                connections
                    .saturating_add(queue)
                    .min(Semaphore::MAX_PERMITS),
            ),
            slots: Semaphore::new(connections),
            idle: Mutex::default(),
            node: node.map(OnceLock::from).unwrap_or_default(),
        }
    }

    /// How the node is reached.
    pub(super) fn transport(&self) -> &Transport {
        &self.transport
    }

    /// The rights in our credential that facture does not need.
    pub(super) fn excess_rights(&self) -> Vec<String> {
        match &self.transport {
            Transport::Socket(_) => Vec::new(),
            Transport::Rest(rest) => rest.excess_rights(),
        }
    }

    /// Makes a call on an idle connection, or on a new one when there is none.
    ///
    /// An idle connection may have died with an earlier lightningd, which shows only when it is used: a call that is
    /// lost on one is made once more, on a new one. All calls we send can be repeated: they only read, or their label
    /// makes the repetition harmless.
    pub(super) async fn call<P: Serialize + fmt::Debug>(
        &self,
        method: Method,
        params: &P,
    ) -> Result<Value, CallError> {
        let _admitted = self.admission.try_acquire().map_err(|_| CallError::Busy)?;
        let _slot = self.slot().await?;
        // Bound to a name first, or the lock would be held across the call.
        let idle = self.idle().pop();
        let Some(idle) = idle else {
            return self.call_on(self.connect().await?, method, params).await;
        };
        match self.call_on(idle, method, params).await {
            Err(CallError::Lost(reason) | CallError::Unreadable(reason)) => {
                // The others are from the same time.
                self.idle().clear();
                let fresh = self.connect().await.map_err(|error| match error {
                    CallError::OtherNode { .. } => error,
                    // Not "unreachable": the call was sent once and may have been carried out.
                    _ => CallError::Lost(reason),
                })?;
                self.call_on(fresh, method, params).await
            }
            answer => answer,
        }
    }

    /// The connection is ours until the answer is here; dropped anywhere before, it is closed.
    async fn call_on<P: Serialize + fmt::Debug>(
        &self,
        mut connection: Connection,
        method: Method,
        params: &P,
    ) -> Result<Value, CallError> {
        let answer = connection.call(method, params).await;
        if let Ok(_) | Err(CallError::Rejected(..)) = answer {
            self.idle().push(connection);
        }
        answer
    }

    async fn slot(&self) -> Result<SemaphorePermit<'_>, CallError> {
        let _waits = metrics::node_call_waits();
        self.slots.acquire().await.map_err(|_| CallError::Busy)
    }

    /// Connects, and makes sure that it is still the same node: the socket's file, or the address, may have been taken
    /// over by another.
    pub(super) async fn connect(&self) -> Result<Connection, CallError> {
        let mut connection = self.transport.open().await?;
        // Whatever goes wrong here, the call itself was not sent.
        let info = connection.call(Method::Getinfo, &json!({})).await;
        let info = info.map_err(|error| match error {
            CallError::Forbidden { .. } => error,
            other => self
                .transport
                .unreachable(&other.into_error(Method::Getinfo)),
        })?;
        let found = info["id"]
            .as_str()
            .map(|id| NodeId::new(id.to_owned()))
            .ok_or_else(|| self.transport.unreachable(&"its getinfo has no id"))?;
        let expected = self.node.get_or_init(|| found.clone());
        if *expected == found {
            Ok(connection)
        } else {
            Err(CallError::OtherNode {
                expected: expected.clone(),
                found,
            })
        }
    }

    /// The node that the calls went to so far, or are to go to.
    pub(super) fn node(&self) -> Option<&NodeId> {
        self.node.get()
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
