//! lightningd through its plugin clnrest (since v23.11): every call a POST to `/v1/<method>` over TLS, the parameters as
//! a JSON object, the rune in a header of that name.
//!
//! A connection is HTTP/1.1 with one request at a time, so an answer can only be that request's; dropping it closes it,
//! and with it whatever a call that was given up left under way. A client with connections of its own would hide both,
//! and that a new connection leads to another node.

use std::{error::Error, fmt, io, sync::Arc};

use cln_rpc::RpcError;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{
    Request, StatusCode, Uri,
    body::{Bytes, Incoming},
    client::conn::http1::{self, SendRequest},
    header::{self, HeaderValue},
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::Value;
use tokio_util::task::AbortOnDropHandle;
use tower::ServiceExt;
use url::{Position, Url};

use super::call_error::{ANSWER_LIMIT, CallError};
use crate::cln::method::Method;
use facture_runtime::tls::{self, TlsError};

/// What lightningd's `checkrune` says (`common/jsonrpc_errors.h`).
const NOT_PERMITTED: i32 = 1502;
const BLACKLISTED: i32 = 1503;

/// Where clnrest is, whom to take for it, and what lets us in.
#[derive(Clone)]
pub struct Rest {
    uri: Uri,
    connector: HttpsConnector<HttpConnector>,
    access: Arc<Access>,
}

/// What every request says. Never seen in `Debug`, logs or errors.
struct Access {
    host: HeaderValue,
    rune_header: HeaderValue,
    rune: SecretString,
}

/// Something that cannot be used to reach clnrest.
#[derive(Debug, thiserror::Error)]
pub enum RestError {
    /// The address.
    #[error("it is not an address that can be connected to")]
    Address,
    /// The rune.
    #[error("the rune has characters that no rune has")]
    Rune,
    /// The authorities.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

pub(super) struct RestConnection {
    sender: SendRequest<Full<Bytes>>,
    access: Arc<Access>,
    /// Moves the bytes; ends, and closes the connection, when this is dropped.
    _driver: AbortOnDropHandle<()>,
}

impl Rest {
    /// The address of clnrest, such as `https://node.example:3010`; the rune; the authorities in PEM that alone are
    /// trusted, or those of this system.
    ///
    /// # Errors
    /// [`RestError`] when one of them cannot be used.
    pub fn new(url: &Url, rune: SecretString, ca: Option<&[u8]>) -> Result<Self, RestError> {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        let trust = ca.map_or_else(tls::system, tls::only)?;
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(trust)
            .https_only();
        let host = &url[Position::BeforeHost..Position::AfterPort];
        let mut rune_header =
            HeaderValue::from_str(rune.expose_secret()).map_err(|_| RestError::Rune)?;
        rune_header.set_sensitive(true);
        Ok(Self {
            uri: url.as_str().parse().map_err(|_| RestError::Address)?,
            connector: https.enable_http1().wrap_connector(http),
            access: Arc::new(Access {
                host: HeaderValue::from_str(host).map_err(|_| RestError::Address)?,
                rune_header,
                rune,
            }),
        })
    }

    /// Where clnrest is.
    pub(super) fn uri(&self) -> &Uri {
        &self.uri
    }

    pub(super) async fn open(&self) -> Result<RestConnection, CallError> {
        let unreachable = |error: &(dyn Error + 'static)| {
            CallError::Unreachable(io::Error::other(format!("{}: {}", self.uri, causes(error))))
        };
        let stream = self.connector.clone().oneshot(self.uri.clone()).await;
        let stream = stream.map_err(|error| unreachable(&*error))?;
        let (sender, driver) = http1::handshake(stream)
            .await
            .map_err(|error| unreachable(&error))?;
        // What ends it is told to the call.
        let driver = tokio::spawn(async move { drop(driver.await) });
        Ok(RestConnection {
            sender,
            access: Arc::clone(&self.access),
            _driver: AbortOnDropHandle::new(driver),
        })
    }
}

impl RestConnection {
    pub(super) async fn call<P: Serialize>(
        &mut self,
        method: Method,
        params: &P,
    ) -> Result<Value, CallError> {
        let lost = |error: hyper::Error| CallError::Lost(causes(&error));
        let params =
            serde_json::to_vec(params).map_err(|error| CallError::Lost(error.to_string()))?;
        let request = Request::post(format!("/v1/{method}"))
            .header(header::HOST, &self.access.host)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json")
            .header("rune", &self.access.rune_header)
            .body(Full::new(params.into()))
            .map_err(|error| CallError::Lost(error.to_string()))?;
        self.sender.ready().await.map_err(lost)?;
        let answer = self.sender.send_request(request).await.map_err(lost)?;
        let status = answer.status();
        let body = read(answer.into_body()).await?;
        if status.is_success() {
            return serde_json::from_slice(&body)
                .map_err(|error| CallError::Unreadable(error.to_string()));
        }
        Err(self.refusal(method, status, &body))
    }

    /// clnrest passes lightningd's errors on as they are; whatever is not one comes from something in between.
    fn refusal(&self, method: Method, status: StatusCode, body: &[u8]) -> CallError {
        // lightningd repeats a rune that it cannot read.
        let body = String::from_utf8_lossy(body).replace(self.access.rune.expose_secret(), "…");
        match (status, serde_json::from_str::<RpcError>(&body).ok()) {
            // It could not be checked.
            (StatusCode::UNAUTHORIZED, Some(error)) if error.code.is_none() => error.into(),
            (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, error) => CallError::Forbidden {
                method,
                reason: match error.and_then(|error| error.code) {
                    Some(NOT_PERMITTED) => "the rune does not allow it".to_owned(),
                    Some(BLACKLISTED) => "the rune was revoked".to_owned(),
                    _ => format!("the rune is not one of this node's (HTTP status {status})"),
                },
            },
            (_, Some(error)) => error.into(),
            (_, None) => CallError::Lost(format!("HTTP status {status}")),
        }
    }
}

async fn read(body: Incoming) -> Result<Bytes, CallError> {
    match Limited::new(body, ANSWER_LIMIT).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(CallError::Unreadable(format!(
            "it is longer than {ANSWER_LIMIT} bytes"
        ))),
        Err(error) => Err(CallError::Lost(causes(&*error))),
    }
}

/// An error with what caused it: the outermost says little.
fn causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}

impl fmt::Debug for Rest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rest").field(&self.uri).finish()
    }
}
