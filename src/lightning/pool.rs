//! The connections to lightningd. A connection serves one call at a time and is kept only after its answer was read.
//!
//! `cln_rpc` takes the next answer on the socket without comparing ids: on a connection whose call was given up, the
//! next call would receive the earlier one's answer, one buyer another's invoice. Pools from the registry return a
//! connection when it is dropped, which is the very moment this one must close it.

use std::{
    io, iter,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use cln_rpc::{ClnRpc, RpcError};
use serde::Serialize;
use serde_json::Value;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::sleep,
};

use super::{Error, Options};

#[derive(Debug)]
pub(super) struct Pool {
    rpc_file: PathBuf,
    /// Calls that run or wait: beyond that, callers are told to come again.
    admission: Semaphore,
    /// Calls that run: each has a connection.
    slots: Semaphore,
    /// Connections without a call, the last used at the end.
    idle: Mutex<Vec<Connection>>,
}

/// Why a call on a connection failed, still without its method's name.
pub(super) enum CallError {
    Unreachable(io::Error),
    Busy,
    Lost(String),
    /// Lost on a connection from an earlier call: the node may have been restarted since.
    LostOnIdle(String),
    Rejected(i32, String),
    Malformed(String),
}

struct Connection(ClnRpc);

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
        }
    }

    /// Makes a call on an idle connection, or on a new one when there is none.
    pub(super) async fn call<P: Serialize + std::fmt::Debug>(
        &self,
        method: &str,
        params: &P,
    ) -> Result<Value, CallError> {
        let _admitted = self.admission.try_acquire().map_err(|_| CallError::Busy)?;
        let _slot = self.slot().await?;
        // Bound to a name first, or the lock would be held across the call.
        let idle = self.idle().pop();
        match idle {
            Some(connection) => self
                .call_on(connection, method, params)
                .await
                .map_err(|error| match error {
                    CallError::Lost(reason) => CallError::LostOnIdle(reason),
                    other => other,
                }),
            None => self.call_on(self.connect().await?, method, params).await,
        }
    }

    /// Makes a call on a new connection. The idle ones are from the same time as the one that failed: they go too.
    pub(super) async fn call_on_new<P: Serialize + std::fmt::Debug>(
        &self,
        method: &str,
        params: &P,
    ) -> Result<Value, CallError> {
        let _admitted = self.admission.try_acquire().map_err(|_| CallError::Busy)?;
        let _slot = self.slot().await?;
        self.idle().clear();
        self.call_on(self.connect().await?, method, params).await
    }

    /// The connection is ours until the answer is here; dropped anywhere before, it is closed.
    async fn call_on<P: Serialize + std::fmt::Debug>(
        &self,
        mut connection: Connection,
        method: &str,
        params: &P,
    ) -> Result<Value, CallError> {
        let answer = connection
            .0
            .call_raw::<Value, P>(method, params)
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

    /// Connects. While lightningd is busy its backlog of 128 can be full, which a non-blocking connect reports at once
    /// (EAGAIN): that is worth another try until the call's deadline; everything else is an answer.
    async fn connect(&self) -> Result<Connection, CallError> {
        let pauses = iter::successors(Some(5_u64), |pause| Some((pause * 2).min(100)));
        for pause in pauses {
            match ClnRpc::new(&self.rpc_file).await.map_err(io_error) {
                Ok(connection) => return Ok(Connection(connection)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    sleep(Duration::from_millis(rand::random_range(pause / 2..=pause))).await;
                }
                Err(error) => return Err(CallError::Unreachable(error)),
            }
        }
        Err(CallError::Busy)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CallError {
    pub(super) fn into_error(self, method: &'static str) -> Error {
        match self {
            Self::Unreachable(error) => Error::Unreachable(error),
            Self::Busy => Error::Busy,
            Self::Lost(reason) | Self::LostOnIdle(reason) => Error::Lost { method, reason },
            Self::Rejected(code, message) => Error::Rejected {
                method,
                code,
                message,
            },
            Self::Malformed(reason) => Error::Malformed { method, reason },
        }
    }
}

impl From<RpcError> for CallError {
    /// `cln_rpc` gives lightningd's refusals a code and its own failures none; of those, only an answer that could be
    /// read but is no answer begins with "Invalid".
    fn from(error: RpcError) -> Self {
        match error.code {
            Some(code) => Self::Rejected(code, error.message),
            None if error.message.starts_with("Invalid response") => Self::Malformed(error.message),
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
