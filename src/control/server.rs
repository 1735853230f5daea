//! The server's end of the socket.

use std::{io, path::Path};

use axum::{
    Json, Router,
    extract::{Path as Named, State},
    http::StatusCode,
    routing::{delete, get, post},
};
use tokio_util::sync::CancellationToken;

use super::{
    failure::ControlError,
    private_socket::PrivateSocket,
    socket_path::SocketName,
    users,
    wire::{CreatedTokenJson, IssuedToken, NewTokenJson, RevokedJson},
};
use crate::{
    auth::Access,
    sync::{Reconciler, Report},
    users::Users,
};
use facture_domain::token::{Scopes, TokenId};

/// The socket, before anybody is answered. Its maker has the directory's lock.
#[derive(Debug)]
pub struct Server {
    socket: PrivateSocket,
    parts: ControlState,
    users: Users,
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
        users: Users,
        reconciler: Reconciler,
        api: Router,
    ) -> io::Result<Self> {
        Ok(Self {
            socket: PrivateSocket::open(directory, SocketName::Control)?,
            parts: ControlState { access, reconciler },
            users,
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
            .merge(users::routes(self.users))
            .merge(self.api);
        self.socket.serve(routes, stopping).await;
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
