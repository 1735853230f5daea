//! The API of `facture serve`, by its private socket.

use std::{path::Path, sync::Mutex, time::Duration};

use facture_runtime::http::{Connection, Endpoint, HttpError};
use hyper::{Method, Request, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::value::RawValue;
use tokio::time::timeout;
use url::form_urlencoded;

use crate::{
    api::{ApiClient, ApiProblem, TokenError},
    stream::{EventStream, StreamError},
};

/// The longest answer, in bytes.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// How long a call may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// How many connections are kept.
const MAX_IDLE: usize = 64;

/// The server whose API does the work.
pub struct Server {
    api: ApiClient,
    /// Connections whose last answer was read to its end.
    idle: Mutex<Vec<Connection>>,
}

/// A call that was not answered as it should be.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ApiError {
    /// The server or its node does not answer, or not now: it is worth another try.
    #[error("{0}")]
    Unavailable(String),
    /// The token is not good for it.
    #[error("it does not accept the token of server.token_file: {0}")]
    Unauthorized(String),
    /// It refuses.
    #[error("it refuses: {message} ({code})")]
    Refused {
        /// For programs.
        code: String,
        /// For people.
        message: String,
        /// The invalid field.
        field: Option<String>,
    },
}

impl Server {
    /// The one behind this socket.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn new(socket: &Path, token: &SecretString) -> Result<Self, TokenError> {
        let endpoint = Endpoint::Unix(socket.to_owned());
        Ok(Self {
            api: ApiClient::new(endpoint, token.expose_secret())?,
            idle: Mutex::default(),
        })
    }

    /// Reads something.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn get(&self, path: &str) -> Result<Box<RawValue>, ApiError> {
        let request = self.request(Method::GET, path, None, Vec::new());
        self.call(request?).await
    }

    /// Asks for something. The same under the same key is done once.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn post(
        &self,
        path: &str,
        idempotency_key: Option<&str>,
        body: Vec<u8>,
    ) -> Result<Box<RawValue>, ApiError> {
        let request = self.request(Method::POST, path, idempotency_key, body);
        self.call(request?).await
    }

    /// Opens the stream of the events after this one. `query` is added to the request, such as `&types=invoice.paid`.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn events(&self, after: u64, query: &str) -> Result<EventStream, ApiError> {
        Ok(EventStream::open(&self.api, after, query).await?)
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        idempotency_key: Option<&str>,
        body: Vec<u8>,
    ) -> Result<Request<http_body_util::Full<hyper::body::Bytes>>, ApiError> {
        let path = format!("/api/v1{path}");
        let request = self.api.request(method, &path, idempotency_key, body);
        request.map_err(|error| unavailable(&error))
    }

    async fn call(
        &self,
        request: Request<http_body_util::Full<hyper::body::Bytes>>,
    ) -> Result<Box<RawValue>, ApiError> {
        let exchange = async {
            let idle = self.idle.lock().map_or(None, |mut idle| idle.pop());
            // One that is kept may have been closed meanwhile; then the same request goes over a new one.
            if let Some(mut connection) = idle
                && let Ok(answer) = connection.exchange(request.clone(), MAX_ANSWER_BYTES).await
            {
                return Ok((connection, answer));
            }
            let opened = self.api.endpoint.open().await;
            let mut connection = opened.map_err(|error| unavailable(&error))?;
            let answer = connection.exchange(request, MAX_ANSWER_BYTES).await;
            Ok((connection, answer.map_err(lost)?))
        };
        let late = |_| ApiError::Unavailable(format!("no answer in {} s", DEADLINE.as_secs()));
        let (connection, (status, body)) =
            timeout(DEADLINE, exchange).await.map_err(late).flatten()?;
        if let Ok(mut idle) = self.idle.lock()
            && idle.len() < MAX_IDLE
        {
            idle.push(connection);
        }
        match status.is_success() {
            true => serde_json::from_slice(&body).map_err(|error| {
                ApiError::Unavailable(format!("its answer cannot be read: {error}"))
            }),
            false => Err(refusal(status, ApiProblem::read(&body))),
        }
    }
}

/// The path of one of these. A name may have any characters.
pub fn path_of(collection: &str, name: &str) -> String {
    let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    format!("/{collection}/{}", name.replace('+', "%20"))
}

impl From<StreamError> for ApiError {
    fn from(error: StreamError) -> Self {
        match error {
            StreamError::Refused { status, problem } => refusal(status, problem),
            StreamError::Lost(reason) => Self::Unavailable(reason),
        }
    }
}

fn refusal(status: StatusCode, error: ApiProblem) -> ApiError {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => ApiError::Unauthorized(error.message),
        // Not now: the same may be accepted later.
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
            ApiError::Unavailable(format!("{} ({status})", error.code))
        }
        // This node never can.
        StatusCode::NOT_IMPLEMENTED => refused(error),
        _ if status.is_server_error() => {
            ApiError::Unavailable(format!("{} ({status})", error.code))
        }
        _ => refused(error),
    }
}

fn refused(error: ApiProblem) -> ApiError {
    ApiError::Refused {
        code: error.code,
        message: error.message,
        field: error.field,
    }
}

fn unavailable(error: &dyn std::fmt::Display) -> ApiError {
    ApiError::Unavailable(error.to_string())
}

fn lost(error: HttpError) -> ApiError {
    ApiError::Unavailable(error.into_reason())
}
