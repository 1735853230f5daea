//! Requests to the server's API.

use std::fmt;

use facture_runtime::http::Endpoint;
use http_body_util::Full;
use hyper::{
    Method, Request,
    body::Bytes,
    header::{self, HeaderValue},
    http,
};
use serde::Deserialize;

/// A server, and the token that its API is used with.
pub struct ApiClient {
    /// Where it is.
    pub endpoint: Endpoint,
    /// `Bearer` and the token.
    authorization: HeaderValue,
}

/// The text cannot be a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it holds no token")]
pub struct TokenError;

/// What the API says is wrong: empty where an answer has nothing of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ApiProblem {
    /// For programs.
    pub code: String,
    /// For people.
    pub message: String,
    /// The invalid field.
    pub field: Option<String>,
}

impl ApiClient {
    /// Of this server, with this token.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn new(endpoint: Endpoint, token: &str) -> Result<Self, TokenError> {
        let bearer = HeaderValue::from_str(&format!("Bearer {token}"));
        let mut authorization = bearer.map_err(|_| TokenError)?;
        authorization.set_sensitive(true);
        Ok(Self {
            endpoint,
            authorization,
        })
    }

    /// A request for a path, with a JSON body if there is one. The same again under the same key is done once.
    ///
    /// # Errors
    /// When the path or the key cannot be sent.
    pub fn request(
        &self,
        method: Method,
        path: &str,
        idempotency_key: Option<&str>,
        body: Vec<u8>,
    ) -> http::Result<Request<Full<Bytes>>> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, self.endpoint.host())
            .header(header::AUTHORIZATION, &self.authorization)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = idempotency_key {
            request = request.header("idempotency-key", key);
        }
        request.body(body.into())
    }
}

impl ApiProblem {
    /// Reads the body of an error.
    pub fn read(body: &[u8]) -> Self {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct ErrorJson {
            error: ApiProblem,
        }
        let ErrorJson { error } = serde_json::from_slice(body).unwrap_or_default();
        error
    }
}

impl fmt::Debug for ApiClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiClient({})", self.endpoint)
    }
}
