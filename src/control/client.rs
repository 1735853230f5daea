//! A command's end of the socket.

use std::{io, path::Path};

use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Method, Request, StatusCode,
    body::Bytes,
    client::conn::http1::{self, SendRequest},
    header,
};
use hyper_util::rt::TokioIo;
use serde::{Serialize, de::DeserializeOwned};
use tokio::{net::UnixStream, task::AbortHandle};
use url::form_urlencoded;

use super::{
    socket_path::{SocketName, SocketPath},
    wire::{
        CreatedTokenJson, DeskUser, ErrorJson, IssuedToken, LinkJson, NewTokenJson, NewUserJson,
        RevokedJson,
    },
};
use crate::sync::Report;
use facture_domain::{
    ShopId,
    desk::{Role, SecretText, UserName},
    token::{Scopes, Token, TokenId},
};

/// A connection to a running server.
#[derive(Debug)]
pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    connection: AbortHandle,
}

/// What was asked for was not done.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The server says why.
    #[error("the running server: {0}")]
    Refused(String),
    /// The connection broke.
    #[error("the running server did not respond: {0}")]
    Lost(String),
}

/// The host that a request names.
#[derive(Clone, Copy, Debug)]
pub(super) enum Host {
    /// `localhost`.
    Local,
    /// None: it is for the server's own address.
    Unnamed,
}

/// The most bytes of an answer: a list of very many tokens.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

impl Client {
    /// Connects to the server that has this data directory.
    ///
    /// # Errors
    /// When there is none.
    pub(super) async fn connect(directory: &Path) -> io::Result<Self> {
        let socket = SocketPath::of(directory, SocketName::Control)?;
        let stream = UnixStream::connect(&socket.path).await?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(io::Error::other)?;
        // Errors reach the caller that waits for the answer.
        let connection = tokio::spawn(async move { drop(connection.await) });
        Ok(Self {
            sender,
            connection: connection.abort_handle(),
        })
    }

    /// Has the server go through all invoices of its node.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn reconcile(&mut self) -> Result<Report, ClientError> {
        self.call(Method::POST, "/reconcile", &()).await
    }

    /// Makes a token, for one shop if it is named; this is the only time that it can be read.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn issue(
        &mut self,
        name: String,
        scopes: &Scopes,
        shop: Option<&ShopId>,
    ) -> Result<Token, ClientError> {
        let new = NewTokenJson {
            name,
            scopes: scopes.to_string(),
            shop: shop.map(ShopId::to_string),
        };
        let CreatedTokenJson { token } = self.call(Method::POST, "/tokens", &new).await?;
        Ok(Token::new(token))
    }

    /// All tokens, the newest first.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn tokens(&mut self) -> Result<Vec<IssuedToken>, ClientError> {
        self.call(Method::GET, "/tokens", &()).await
    }

    /// Makes a token invalid. `false` when there is none of that id.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn revoke(&mut self, id: &TokenId) -> Result<bool, ClientError> {
        // Whatever was typed.
        let id: String = form_urlencoded::byte_serialize(id.as_str().as_bytes()).collect();
        let path = format!("/tokens/{}", id.replace('+', "%20"));
        let RevokedJson { revoked } = self.call(Method::DELETE, &path, &()).await?;
        Ok(revoked)
    }

    /// Adds a user of the desk; this is the only time that the end of the one-time link can be read.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn add_user(
        &mut self,
        name: &UserName,
        role: Role,
    ) -> Result<SecretText, ClientError> {
        self.link("/users", name, role.as_str()).await
    }

    /// Takes the password and the second factor of a user, and gives a new link.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn reset_user(&mut self, name: &UserName) -> Result<SecretText, ClientError> {
        self.link("/users/reset", name, "").await
    }

    /// All users of the desk.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn users(&mut self) -> Result<Vec<DeskUser>, ClientError> {
        self.call(Method::GET, "/users", &()).await
    }

    async fn link(
        &mut self,
        path: &str,
        name: &UserName,
        role: &str,
    ) -> Result<SecretText, ClientError> {
        let user = NewUserJson {
            name: name.to_string(),
            role: role.to_owned(),
        };
        let LinkJson { secret } = self.call(Method::POST, path, &user).await?;
        Ok(SecretText::new(secret))
    }

    /// Asks for JSON with JSON.
    pub(super) async fn call<T: DeserializeOwned>(
        &mut self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        let lost = |error: serde_json::Error| ClientError::Lost(error.to_string());
        let body = serde_json::to_vec(body).map_err(lost)?;
        let (status, body) = self
            .send(method, path, Host::Local, None, body.into())
            .await?;
        if status == StatusCode::OK {
            return serde_json::from_slice(&body).map_err(lost);
        }
        Err(match serde_json::from_slice(&body) {
            Ok(ErrorJson { error }) => ClientError::Refused(error),
            // Of another version.
            Err(_) => ClientError::Refused(format!("it answers {status}")),
        })
    }

    /// Sends a request, with this idempotency key if there is one; returns the status and the body of its answer.
    pub(super) async fn send(
        &mut self,
        method: Method,
        path: &str,
        host: Host,
        key: Option<&str>,
        body: Bytes,
    ) -> Result<(StatusCode, Bytes), ClientError> {
        let lost = |error: &dyn std::error::Error| ClientError::Lost(error.to_string());
        let host = match host {
            Host::Local => "localhost",
            Host::Unnamed => "",
        };
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, host)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let request = request
            .body(Full::new(body))
            .map_err(|error| lost(&error))?;
        // The answer before may have been read before the connection was free again.
        self.sender.ready().await.map_err(|error| lost(&error))?;
        let answer = self.sender.send_request(request).await;
        let answer = answer.map_err(|error| lost(&error))?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), MAX_ANSWER_BYTES)
            .collect()
            .await;
        let body = body.map_err(|error| ClientError::Lost(error.to_string()))?;
        Ok((status, body.to_bytes()))
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.connection.abort();
    }
}
