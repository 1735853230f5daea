//! The server's end of the socket.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::Path,
};

use axum::{
    Json, Router,
    extract::{Path as Named, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{delete, get, post},
    serve::Listener,
};
use tokio::net::{UnixListener, UnixStream, unix::SocketAddr};
use tokio_util::sync::CancellationToken;

use super::{
    socket_path::SocketPath,
    wire::{CreatedTokenJson, ErrorJson, IssuedToken, NewTokenJson, RevokedJson},
};
use crate::{
    auth::Access,
    sync::{Reconciler, Report},
};
use facture_domain::token::{Scopes, TokenId};

/// The socket, before anybody is answered. Its maker has the directory's lock.
#[derive(Debug)]
pub struct Server {
    listener: Owners,
    socket: SocketPath,
    parts: ControlState,
    api: Router,
}

/// What can be asked for.
#[derive(Clone, Debug)]
struct ControlState {
    access: Access,
    reconciler: Reconciler,
}

/// Connections of the socket's owner and of root, and of nobody else.
#[derive(Debug)]
struct Owners(UnixListener);

/// The number of root.
const ROOT: u32 = 0;

impl Server {
    /// Listens in this data directory. What an earlier server left there is removed. `api`: the API, for an owner without a
    /// token.
    ///
    /// # Errors
    /// When the socket cannot be made.
    pub fn open(
        directory: &Path,
        access: Access,
        reconciler: Reconciler,
        api: Router,
    ) -> io::Result<Self> {
        let socket = SocketPath::of(directory)?;
        match fs::remove_file(&socket.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&socket.path)?;
        fs::set_permissions(&socket.path, Permissions::from_mode(0o600))?;
        Ok(Self {
            listener: Owners(listener),
            socket,
            parts: ControlState { access, reconciler },
            api,
        })
    }

    /// Answers until `stopping` is cancelled; then the socket is gone.
    pub async fn run(self, stopping: CancellationToken) {
        let routes = Router::new()
            .route("/reconcile", post(reconcile))
            .route("/tokens", get(tokens).post(issue))
            .route("/tokens/{id}", delete(revoke))
            .with_state(self.parts)
            .merge(self.api);
        let served =
            axum::serve(self.listener, routes).with_graceful_shutdown(stopping.cancelled_owned());
        // It never fails.
        let _ = served.await;
        let _ = fs::remove_file(&self.socket.path);
    }
}

impl Listener for Owners {
    type Io = UnixStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (UnixStream, SocketAddr) {
        let us = rustix::process::geteuid().as_raw();
        loop {
            // It waits a moment after an error.
            let (stream, address) = Listener::accept(&mut self.0).await;
            match stream.peer_cred() {
                Ok(peer) if [us, ROOT].contains(&peer.uid()) => return (stream, address),
                _ => tracing::warn!("somebody else than the owner tried the control socket"),
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// Why something is not done. Its owner may read all of it.
struct ControlError(StatusCode, String);

impl ControlError {
    fn failed(error: impl std::fmt::Display) -> Self {
        Self(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        (self.0, Json(ErrorJson { error: self.1 })).into_response()
    }
}

async fn reconcile(State(parts): State<ControlState>) -> Result<Json<Report>, ControlError> {
    tracing::info!("asked to reconcile with the node");
    let report = parts.reconciler.reconcile().await;
    report.map(Json).map_err(ControlError::failed)
}

async fn issue(
    State(parts): State<ControlState>,
    Json(new): Json<NewTokenJson>,
) -> Result<Json<CreatedTokenJson>, ControlError> {
    let scopes: Scopes = new.scopes.parse().map_err(|error| {
        ControlError(StatusCode::UNPROCESSABLE_ENTITY, format!("scope {error}"))
    })?;
    let token = parts.access.issue(new.name, scopes).await;
    let token = token.map_err(ControlError::failed)?.expose().to_owned();
    Ok(Json(CreatedTokenJson { token }))
}

async fn tokens(State(parts): State<ControlState>) -> Result<Json<Vec<IssuedToken>>, ControlError> {
    let rows = parts.access.list().await.map_err(ControlError::failed)?;
    Ok(Json(rows.into_iter().map(IssuedToken::from).collect()))
}

async fn revoke(
    State(parts): State<ControlState>,
    Named(id): Named<String>,
) -> Result<Json<RevokedJson>, ControlError> {
    let revoked = parts.access.revoke(&TokenId::new(id)).await;
    let revoked = revoked.map_err(ControlError::failed)?;
    Ok(Json(RevokedJson { revoked }))
}
