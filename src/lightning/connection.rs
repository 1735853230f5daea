//! One connection to lightningd, through one of its two doors: the socket beside it, or clnrest from afar. Both take a
//! [`Method`] only, serve one call at a time, and say the same of what went wrong.

use std::{fmt, io, path::PathBuf, time::Duration};

use cln_rpc::RpcError;
use serde::Serialize;
use serde_json::Value;
use tokio::time::sleep;

use super::{
    Error, Method,
    error::UNKNOWN_METHOD,
    rest::{Rest, RestConnection},
    socket::SocketConnection,
};
use crate::invoice::NodeId;

/// So long an answer may be, in bytes. A page of 100 invoices has some 200 kB, a thousand channels have some megabytes.
pub(super) const ANSWER_LIMIT: usize = 16 * 1024 * 1024;

/// How lightningd is reached.
#[derive(Clone, Debug)]
pub enum Door {
    /// Its socket, `rpc-file`, on the same machine. Whoever can open it may do everything.
    Socket(PathBuf),
    /// Its plugin clnrest, from anywhere, with a rune that says what is allowed.
    Rest(Rest),
}

/// A connection without a call under way.
pub(super) enum Connection {
    Socket(SocketConnection),
    Rest(RestConnection),
}

/// Why a call on a connection failed, still without its method's name.
pub(super) enum CallError {
    Unreachable(io::Error),
    OtherNode { expected: NodeId, found: NodeId },
    Forbidden { method: Method, reason: String },
    Busy,
    Lost(String),
    Unreadable(String),
    Rejected(i32, String, Option<Value>),
    Malformed(String),
}

impl Door {
    /// While lightningd is busy its backlog of 128 can be full, which a non-blocking connect to the socket reports at
    /// once (EAGAIN): that is worth another try until the call's deadline; everything else is an answer.
    pub(super) async fn open(&self) -> Result<Connection, CallError> {
        let rpc_file = match self {
            Self::Socket(rpc_file) => rpc_file,
            Self::Rest(rest) => return rest.open().await.map(Connection::Rest),
        };
        let mut pause = 5;
        loop {
            match SocketConnection::open(rpc_file).await {
                Ok(connection) => return Ok(Connection::Socket(connection)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    sleep(Duration::from_millis(rand::random_range(pause / 2..=pause))).await;
                    pause = (pause * 2).min(100);
                }
                Err(error) => return Err(self.unreachable(&error)),
            }
        }
    }

    /// No call was sent, for this reason.
    pub(super) fn unreachable(&self, reason: &dyn fmt::Display) -> CallError {
        CallError::Unreachable(io::Error::other(format!("{self}: {reason}")))
    }
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(rpc_file) => rpc_file.display().fmt(f),
            Self::Rest(rest) => rest.uri().fmt(f),
        }
    }
}

impl Connection {
    /// Whoever gives the call up must give the connection up.
    pub(super) async fn call<P: Serialize + fmt::Debug>(
        &mut self,
        method: Method,
        params: &P,
    ) -> Result<Value, CallError> {
        match self {
            Self::Socket(socket) => socket.call(method, params).await,
            Self::Rest(rest) => rest.call(method, params).await,
        }
    }

    /// A call that may take for ever, on a connection that no other call uses. It comes back with the answer only.
    pub(super) async fn wait<P: Serialize + fmt::Debug>(
        mut self,
        method: Method,
        params: &P,
    ) -> Result<(Self, Value), CallError> {
        let answer = self.call(method, params).await?;
        Ok((self, answer))
    }
}

impl CallError {
    pub(super) fn into_error(self, method: Method) -> Error {
        match self {
            Self::Unreachable(error) => Error::Unreachable(error),
            Self::OtherNode { expected, found } => Error::OtherNode { expected, found },
            Self::Forbidden { method, reason } => Error::Forbidden { method, reason },
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
    /// lightningd's refusals have a code. clnrest asks it by `cln_rpc`, whose own failures have none; those it passes on,
    /// too, and they can be told apart by their words only (`ClnRpc::call_raw_request` of cln-rpc 0.7).
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

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connection")
    }
}
