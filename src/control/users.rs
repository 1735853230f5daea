//! Users of the desk, for commands: the server's end.

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};

use super::{
    failure::ControlError,
    wire::{DeskUser, LinkJson, NewUserJson},
};
use crate::users::{AddError, Link, Users};
use facture_domain::desk::{Actor, Role, UserName};

/// The routes of the socket that are about users.
pub(super) fn routes(users: Users) -> Router {
    Router::new()
        .route("/users", get(list).post(add))
        .route("/users/reset", post(reset))
        .with_state(users)
}

async fn list(State(users): State<Users>) -> Result<Json<Vec<DeskUser>>, ControlError> {
    let members = users.members().await.map_err(ControlError::failed)?;
    Ok(Json(members.into_iter().map(DeskUser::from).collect()))
}

async fn add(
    State(users): State<Users>,
    Json(new): Json<NewUserJson>,
) -> Result<Json<LinkJson>, ControlError> {
    let role: Role = new.role.parse().map_err(|error| unusable("role", error))?;
    answer(users.add(name(&new)?, role, &Actor::Console).await)
}

async fn reset(
    State(users): State<Users>,
    Json(new): Json<NewUserJson>,
) -> Result<Json<LinkJson>, ControlError> {
    answer(users.reset(&name(&new)?, &Actor::Console).await)
}

fn name(new: &NewUserJson) -> Result<UserName, ControlError> {
    UserName::parse(&new.name).map_err(|error| unusable("name", error))
}

fn unusable(field: &str, error: impl std::fmt::Display) -> ControlError {
    ControlError(StatusCode::UNPROCESSABLE_ENTITY, format!("{field} {error}"))
}

fn answer(done: Result<Link, AddError>) -> Result<Json<LinkJson>, ControlError> {
    let link = done.map_err(ControlError::failed)?;
    let secret = link.secret.expose().to_owned();
    Ok(Json(LinkJson { secret }))
}
