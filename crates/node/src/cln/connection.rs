//! One connection to lightningd, over one of two transports: the socket beside it, or clnrest from afar. Both take a
//! [`Method`] only, serve one call at a time, and say the same of what went wrong.

use std::{fmt, io, path::PathBuf, time::Duration};

use serde::Serialize;
use serde_json::Value;
use tokio::time::sleep;

use super::{
    call_error::CallError,
    method::Method,
    rest::{Rest, RestConnection},
    socket::SocketConnection,
};

/// How lightningd is reached.
#[derive(Clone, Debug)]
pub enum Transport {
    /// Its socket, `rpc-file`, on the same machine. A process that can open it may do everything.
    Socket(PathBuf),
    /// Its plugin clnrest, from anywhere, with a rune that says what is allowed.
    Rest(Rest),
}

/// A connection without a call under way.
pub(super) enum Connection {
    Socket(SocketConnection),
    Rest(RestConnection),
}

impl Transport {
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

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(rpc_file) => rpc_file.display().fmt(f),
            Self::Rest(rest) => rest.endpoint().fmt(f),
        }
    }
}

impl Connection {
    /// A caller that gives up must drop the connection.
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

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connection")
    }
}
