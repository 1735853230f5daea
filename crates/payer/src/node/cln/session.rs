//! A connection to lightningd and the calls on it, one after the other. Dropping it closes the connection; what was sent on
//! it goes on in the node.

use std::{fmt, path::PathBuf, sync::Arc};

use cln_rpc::{ClnRpc, RpcError};
use facture_runtime::{
    http::{self, AddressError, Endpoint, HttpError},
    tls::{self, TlsError},
};
use hyper::{
    Request, StatusCode,
    header::{self, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use super::method::Method;
use crate::node::error::NodeError;

/// The longest answer over HTTP, in bytes.
const MAX_ANSWER_BYTES: usize = 4 * 1024 * 1024;

/// Where lightningd is.
#[derive(Debug)]
pub enum Place {
    /// Its socket. Whoever can open it may do everything.
    Socket(PathBuf),
    /// Its plugin clnrest.
    Rest(Rest),
}

/// clnrest: where it is, whom to take for it, and what lets us in.
#[derive(Clone)]
pub struct Rest {
    endpoint: Endpoint,
    access: Arc<Access>,
}

/// Never seen in `Debug`, logs or errors.
struct Access {
    header: HeaderValue,
    rune: SecretString,
}

/// Something that cannot be used to reach clnrest.
#[derive(Debug, thiserror::Error)]
pub enum RestError {
    /// The address.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The rune.
    #[error("the rune has characters that no rune has")]
    Rune,
    /// The authorities.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

pub(super) enum Session {
    Socket(ClnRpc),
    Rest(http::Connection, Rest),
}

impl Place {
    pub(super) async fn open(&self) -> Result<Session, NodeError> {
        match self {
            Self::Socket(path) => {
                let opened = ClnRpc::new(path).await;
                opened
                    .map(Session::Socket)
                    .map_err(|error| NodeError::not_sent(format!("{}: {error:#}", path.display())))
            }
            Self::Rest(rest) => {
                let connection = rest.endpoint.open().await.map_err(NodeError::not_sent)?;
                Ok(Session::Rest(connection, rest.clone()))
            }
        }
    }
}

impl Session {
    /// One call. A caller that gives up must drop the session.
    pub(super) async fn call(
        &mut self,
        method: Method,
        params: &Value,
    ) -> Result<Value, NodeError> {
        match self {
            Self::Socket(socket) => {
                let answer = socket.call_raw(method.name(), params).await;
                answer.map_err(refusal)
            }
            Self::Rest(connection, rest) => rest.call(connection, method, params).await,
        }
    }
}

/// lightningd's refusals have a code, `cln_rpc`'s own failures have none.
fn refusal(error: RpcError) -> NodeError {
    let detail = error.data.as_ref().and_then(|data| data["error"].as_str());
    match error.code {
        Some(code) => NodeError::Refused {
            code,
            detail: detail.map(str::to_owned),
            message: error.message,
        },
        None => NodeError::Lost(error.message),
    }
}

impl Rest {
    /// The address of clnrest; the rune; the authorities in PEM that alone are trusted, or those of this system.
    ///
    /// # Errors
    /// [`RestError`] when one of them cannot be used.
    pub fn new(url: &Url, rune: SecretString, ca: Option<&[u8]>) -> Result<Self, RestError> {
        let trust = ca.map_or_else(tls::system, tls::only)?;
        let mut header =
            HeaderValue::from_str(rune.expose_secret()).map_err(|_| RestError::Rune)?;
        header.set_sensitive(true);
        Ok(Self {
            endpoint: Endpoint::tls(url, trust)?,
            access: Arc::new(Access { header, rune }),
        })
    }

    async fn call(
        &self,
        connection: &mut http::Connection,
        method: Method,
        params: &Value,
    ) -> Result<Value, NodeError> {
        let request = Request::post(format!("/v1/{method}"))
            .header(header::HOST, self.endpoint.host())
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json")
            .header("rune", &self.access.header)
            .body(params.to_string().into())
            .map_err(NodeError::not_sent)?;
        let exchanged = connection.exchange(request, MAX_ANSWER_BYTES).await;
        let (status, body) = exchanged
            .map_err(HttpError::into_reason)
            .map_err(NodeError::Lost)?;
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(NodeError::lost);
        }
        // lightningd repeats a rune that it cannot read.
        let text = String::from_utf8_lossy(&body).replace(self.access.rune.expose_secret(), "…");
        let error = serde_json::from_str::<RpcError>(&text).ok();
        Err(match (status, error) {
            (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, error) => {
                let why = error.map_or_else(|| status.to_string(), |error| error.message);
                NodeError::Forbidden(format!("the rune, for `{method}`: {why}"))
            }
            (_, Some(error)) => refusal(error),
            (_, None) => NodeError::Lost(format!("HTTP status {status}")),
        })
    }
}

impl fmt::Debug for Rest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rest").field(&self.endpoint).finish()
    }
}
