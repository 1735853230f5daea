//! The connections to lightningd. A connection serves one call at a time and is kept only after its answer was read.
//!
//! `cln_rpc` takes the next answer on the socket without comparing ids: on a connection whose call was given up, the
//! next call would receive the earlier one's answer, one buyer another's invoice. Pools from the registry return a
//! connection when it is dropped, which is the very moment this one must close it.

use std::{
    io,
    path::PathBuf,
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use cln_rpc::{ClnRpc, RpcError};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::sleep,
};

use super::{Error, Method, Options, error::UNKNOWN_METHOD};
use crate::invoice::NodeId;

#[derive(Debug)]
pub(super) struct Pool {
    rpc_file: PathBuf,
    /// Calls that run or wait: beyond that, callers are told to come again.
    admission: Semaphore,
    /// Calls that run: each has a connection.
    slots: Semaphore,
    /// Connections without a call, the last used at the end.
    idle: Mutex<Vec<Connection>>,
    /// The node that all connections lead to: the one that is expected, or the first that answered.
    node: OnceLock<NodeId>,
}

/// Why a call on a connection failed, still without its method's name.
pub(super) enum CallError {
    Unreachable(io::Error),
    OtherNode { expected: NodeId, found: NodeId },
    Busy,
    Lost(String),
    Unreadable(String),
    Rejected(i32, String, Option<Value>),
    Malformed(String),
}

/// A connection without a call under way.
pub(super) struct Connection(ClnRpc);

impl Connection {
    /// A call that may take for ever, on a connection that no other call uses. It comes back with the answer only:
    /// whoever gives the call up gives the connection up.
    pub(super) async fn wait<P: Serialize + std::fmt::Debug>(
        mut self,
        method: Method,
        params: &P,
    ) -> Result<(Self, Value), CallError> {
        let answer = self.0.call_raw(method.name(), params).await?;
        Ok((self, answer))
    }
}

impl Pool {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            rpc_file: options.rpc_file.clone(),
            admission: Semaphore::new(
                options
                    .connections
                    .saturating_add(options.queue)
                    .min(Semaphore::MAX_PERMITS),
            ),
            slots: Semaphore::new(options.connections),
            idle: Mutex::default(),
            node: options.node.clone().map(OnceLock::from).unwrap_or_default(),
        }
    }

    /// Makes a call on an idle connection, or on a new one when there is none.
    ///
    /// An idle connection may have died with an earlier lightningd, which shows only when it is used: a call that is
    /// lost on one is made once more, on a new one. All calls we send can be repeated: they only read, or their label
    /// makes the repetition harmless.
    pub(super) async fn call<P: Serialize + std::fmt::Debug>(
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
    async fn call_on<P: Serialize + std::fmt::Debug>(
        &self,
        mut connection: Connection,
        method: Method,
        params: &P,
    ) -> Result<Value, CallError> {
        let answer = connection
            .0
            .call_raw::<Value, P>(method.name(), params)
            .await
            .map_err(CallError::from);
        if let Ok(_) | Err(CallError::Rejected(..)) = answer {
            self.idle().push(connection);
        }
        answer
    }

    async fn slot(&self) -> Result<SemaphorePermit<'_>, CallError> {
        self.slots.acquire().await.map_err(|_| CallError::Busy)
    }

    /// Connects, and makes sure that it is still the same node: the socket's file may have been taken over by another.
    pub(super) async fn connect(&self) -> Result<Connection, CallError> {
        let mut connection = self.open().await?;
        // Whatever goes wrong here, the call itself was not sent.
        let unreachable = |reason: String| CallError::Unreachable(io::Error::other(reason));
        let info: Value = connection
            .0
            .call_raw(Method::Getinfo.name(), &json!({}))
            .await
            .map_err(|error| unreachable(error.message))?;
        let found = info["id"]
            .as_str()
            .map(|id| NodeId::new(id.to_owned()))
            .ok_or_else(|| unreachable("its getinfo has no id".to_owned()))?;
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

    /// While lightningd is busy its backlog of 128 can be full, which a non-blocking connect reports at once (EAGAIN):
    /// that is worth another try until the call's deadline; everything else is an answer.
    async fn open(&self) -> Result<Connection, CallError> {
        let mut pause = 5;
        loop {
            match ClnRpc::new(&self.rpc_file).await.map_err(io_error) {
                Ok(connection) => return Ok(Connection(connection)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    sleep(Duration::from_millis(rand::random_range(pause / 2..=pause))).await;
                    pause = (pause * 2).min(100);
                }
                Err(error) => return Err(CallError::Unreachable(error)),
            }
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CallError {
    pub(super) fn into_error(self, method: Method) -> Error {
        match self {
            Self::Unreachable(error) => Error::Unreachable(error),
            Self::OtherNode { expected, found } => Error::OtherNode { expected, found },
            Self::Busy => Error::Busy,
            Self::Lost(reason) => Error::Lost { method, reason },
            Self::Unreadable(reason) => Error::Unreadable { method, reason },
            Self::Rejected(UNKNOWN_METHOD, ..) => Error::TooOld { method },
            Self::Rejected(code, message, data) => Error::Rejected {
                method,
                code,
                message,
                data,
            },
            Self::Malformed(reason) => Error::Malformed { method, reason },
        }
    }
}

impl From<RpcError> for CallError {
    /// `cln_rpc` gives lightningd's refusals a code and its own failures none; those can be told apart by their words
    /// only (`ClnRpc::call_raw_request` of cln-rpc 0.7).
    fn from(error: RpcError) -> Self {
        match error.code {
            Some(code) => Self::Rejected(code, error.message, error.data),
            None if error.message.starts_with("Invalid response") => Self::Malformed(error.message),
            None if error.message.starts_with("reading response") => {
                Self::Unreadable(error.message)
            }
            None => Self::Lost(error.message),
        }
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Connection")
    }
}

fn io_error(error: cln_rpc::Error) -> io::Error {
    error.downcast().unwrap_or_else(io::Error::other)
}
