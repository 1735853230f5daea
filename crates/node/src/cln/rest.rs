//! lightningd through its plugin clnrest (since v23.11): every call a POST to `/v1/<method>` over TLS, the parameters as
//! a JSON object, the rune in a header of that name.
//!
//! What a connection is, and how it ends, is in `http.rs` of the runtime crate.

use std::{fmt, sync::Arc};

use cln_rpc::RpcError;
use http_body_util::Full;
use hyper::{
    Request, StatusCode,
    body::Bytes,
    header::{self, HeaderValue},
};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::{Value, json};
use url::Url;

use super::{
    call_error::{CallError, MAX_ANSWER_BYTES},
    rune,
};
use crate::{cln::method::Method, time};
use facture_runtime::{
    http::{self, AddressError, Endpoint, HttpError},
    tls::{self, TlsError},
};

/// What lightningd's `checkrune` says (`common/jsonrpc_errors.h`).
const NOT_PERMITTED: i32 = 1502;
const BLACKLISTED: i32 = 1503;

/// Where clnrest is, whom to take for it, and what lets us in.
#[derive(Clone)]
pub struct Rest {
    endpoint: Endpoint,
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
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The rune.
    #[error("the rune has characters that no rune has")]
    Rune,
    /// The authorities.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

pub(super) struct RestConnection {
    http: http::Connection,
    access: Arc<Access>,
}

impl Rest {
    /// The address of clnrest, such as `https://node.example:3010`; the rune; the authorities in PEM that alone are
    /// trusted, or those of this system.
    ///
    /// # Errors
    /// [`RestError`] when one of them cannot be used.
    pub fn new(url: &Url, rune: SecretString, ca: Option<&[u8]>) -> Result<Self, RestError> {
        let trust = ca.map_or_else(tls::system, tls::only)?;
        let mut rune_header =
            HeaderValue::from_str(rune.expose_secret()).map_err(|_| RestError::Rune)?;
        rune_header.set_sensitive(true);
        let endpoint = Endpoint::tls(url, trust)?;
        Ok(Self {
            access: Arc::new(Access {
                host: endpoint.host(),
                rune_header,
                rune,
            }),
            endpoint,
        })
    }

    /// Where clnrest is.
    pub(super) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The rights in the rune that facture does not need.
    pub(super) fn excess_rights(&self) -> Vec<String> {
        rune::excess_rights(self.access.rune.expose_secret())
    }

    pub(super) async fn open(&self) -> Result<RestConnection, CallError> {
        let http = self.endpoint.open().await;
        Ok(RestConnection {
            http: http.map_err(CallError::Unreachable)?,
            access: Arc::clone(&self.access),
        })
    }
}

impl RestConnection {
    pub(super) async fn call<P: Serialize>(
        &mut self,
        method: Method,
        params: &P,
    ) -> Result<Value, CallError> {
        let request = self.request(method, params)?;
        let (status, body) = self.http.exchange(request, MAX_ANSWER_BYTES).await?;
        if status.is_success() {
            return serde_json::from_slice(&body)
                .map_err(|error| CallError::Unreadable(error.to_string()));
        }
        Err(self.refusal(method, status, &body))
    }

    /// The time of clnrest's machine, as its HTTP server says it with any answer. That is not read: no call may follow.
    pub(super) async fn time(mut self) -> Result<Option<Timestamp>, CallError> {
        let request = self.request(Method::Getinfo, &json!({}))?;
        let answer = self.http.send(request).await?.await?;
        Ok(time::date(answer.headers()))
    }

    fn request<P: Serialize>(
        &self,
        method: Method,
        params: &P,
    ) -> Result<Request<Full<Bytes>>, CallError> {
        let params =
            serde_json::to_vec(params).map_err(|error| CallError::Lost(error.to_string()))?;
        Request::post(format!("/v1/{method}"))
            .header(header::HOST, &self.access.host)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json")
            .header("rune", &self.access.rune_header)
            .body(params.into())
            .map_err(|error| CallError::Lost(error.to_string()))
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

impl From<HttpError> for CallError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::Lost(reason) => Self::Lost(reason),
            HttpError::Unreadable(reason) => Self::Unreadable(reason),
        }
    }
}

impl fmt::Debug for Rest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rest").field(&self.endpoint).finish()
    }
}
