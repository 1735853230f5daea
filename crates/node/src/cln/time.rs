//! lightningd's time: clnrest's HTTP server says it, and a socket leads to a lightningd on this machine.

use tokio::time::timeout;

use super::{
    call_error::CallError, client::Client, connection::Transport, error::Error, method::Method,
};
use crate::time::NodeTime;

impl Client {
    /// lightningd's time, as far as it is known.
    ///
    /// # Errors
    /// [`Error`] when clnrest does not answer.
    pub async fn time(&self) -> Result<NodeTime, Error> {
        match timeout(self.deadline, self.pool.transport().time()).await {
            Ok(time) => time.map_err(|error| error.into_error(Method::Getinfo)),
            Err(_) => Err(Error::TimedOut {
                method: Method::Getinfo,
                after: self.deadline,
            }),
        }
    }
}

impl Transport {
    async fn time(&self) -> Result<NodeTime, CallError> {
        match self {
            Self::Socket(_) => Ok(NodeTime::SameMachine),
            Self::Rest(rest) => Ok(rest.open().await?.time().await?.into()),
        }
    }
}
