//! The server's end of the socket.

use std::{io, path::Path};

use axum::{
    Json, Router,
    extract::{Path as Named, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use tokio_util::sync::CancellationToken;

use super::{
    private_socket::PrivateSocket,
    socket_path::SocketName,
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
    socket: PrivateSocket,
    parts: ControlState,
    api: Router,
}

/// What can be asked for.
#[derive(Clone, Debug)]
struct ControlState {
    access: Access,
    reconciler: Reconciler,
}

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
        Ok(Self {
            socket: PrivateSocket::open(directory, SocketName::Control)?,
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
        self.socket.serve(routes, stopping).await;
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
    let shop = new.shop.map(|shop| shop.parse()).transpose();
    let shop = shop
        .map_err(|error| ControlError(StatusCode::UNPROCESSABLE_ENTITY, format!("shop {error}")))?;
    let token = parts.access.issue_for(new.name, scopes, shop).await;
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
