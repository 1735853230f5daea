//! Users: who may use the desk, for an owner.

use std::str::FromStr;

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    frame::{Frame, Frames},
    permit::{ManageUsers, Permit},
    posted::{Fields, Posted},
};
use crate::{
    users::{AddError, Link, Member, Users},
    web::{
        buyer::{pages::Money, shell::html},
        error::Problem,
        origin::Origin,
    },
};
use facture_domain::desk::{Device, Role, UserName};

pub(super) const PATH: &str = "/desk/users";

#[derive(Template)]
#[template(path = "desk/people.html")]
struct PeoplePage {
    frame: Frame,
    users: Vec<Member>,
    devices: Vec<Device>,
    typed_name: String,
    name_error: Option<String>,
    notice: Option<String>,
    invited: Option<Invited>,
}

/// A one-time link, shown once.
pub(super) struct Invited {
    pub(super) name: String,
    pub(super) url: String,
    /// Its code, if it is for a device.
    pub(super) code: Option<String>,
}

/// What the page shows beside the users.
#[derive(Default)]
pub(super) struct Extra {
    typed_name: String,
    name_error: Option<String>,
    notice: Option<String>,
    invited: Option<Invited>,
}

impl Extra {
    /// A one-time link that was just made.
    pub(super) fn invited(invited: Invited) -> Self {
        Self {
            invited: Some(invited),
            ..Self::default()
        }
    }
}

/// `GET /desk/users`
pub(crate) async fn show(
    permit: Permit<ManageUsers>,
    State(users): State<Users>,
    frames: Frames,
) -> Result<Response, Problem> {
    page(&permit, &users, &frames, Extra::default()).await
}

/// `POST /desk/users`: adds a user, and shows the one-time link for them.
pub(crate) async fn add(
    State(users): State<Users>,
    frames: Frames,
    origin: Origin,
    posted: Posted<ManageUsers>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let typed = fields.text("name");
    let role = role(&fields)?;
    let added = match UserName::parse(typed) {
        Ok(name) => users.add(name, role, &permit.actor()).await,
        Err(_) => {
            let error = frames
                .of(&permit)
                .say("desk-user-name-invalid")
                .into_owned();
            return refused(&permit, &users, &frames, typed, error).await;
        }
    };
    match added {
        Ok(link) => invited(&permit, &users, &frames, &origin, &link).await,
        Err(AddError::NameTaken) => {
            let error = frames.of(&permit).say("desk-user-name-taken").into_owned();
            refused(&permit, &users, &frames, typed, error).await
        }
        Err(error) => failed(&permit, &users, &frames, error).await,
    }
}

/// `POST /desk/users/role`: another role, which ends the user's sessions.
pub(crate) async fn change_role(
    State(users): State<Users>,
    frames: Frames,
    posted: Posted<ManageUsers>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let (name, role) = (name(&fields)?, role(&fields)?);
    match users.change_role(&name, role, &permit.actor()).await {
        Ok(()) => Ok(Redirect::to(&frames.link(PATH)).into_response()),
        Err(error) => failed(&permit, &users, &frames, error).await,
    }
}

/// `POST /desk/users/reset`: takes password and second factor, and shows a new one-time link.
pub(crate) async fn reset(
    State(users): State<Users>,
    frames: Frames,
    origin: Origin,
    posted: Posted<ManageUsers>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let name = name(&fields)?;
    if name == permit.staff.name {
        let own = frames.of(&permit).say("desk-user-own").into_owned();
        return noticed(&permit, &users, &frames, own).await;
    }
    match users.reset(&name, &permit.actor()).await {
        Ok(link) => invited(&permit, &users, &frames, &origin, &link).await,
        Err(error) => failed(&permit, &users, &frames, error).await,
    }
}

/// `POST /desk/users/remove`
pub(crate) async fn remove(
    State(users): State<Users>,
    frames: Frames,
    posted: Posted<ManageUsers>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    match users.remove(&name(&fields)?, &permit.actor()).await {
        Ok(()) => Ok(Redirect::to(&frames.link(PATH)).into_response()),
        Err(error) => failed(&permit, &users, &frames, error).await,
    }
}

/// The form offers roles that there are.
fn role(fields: &Fields) -> Result<Role, Problem> {
    Role::from_str(fields.text("role")).map_err(|_| Problem::BadRequest)
}

pub(super) fn name(fields: &Fields) -> Result<UserName, Problem> {
    UserName::parse(fields.text("name")).map_err(|_| Problem::BadRequest)
}

async fn invited(
    permit: &Permit<ManageUsers>,
    users: &Users,
    frames: &Frames,
    origin: &Origin,
    link: &Link,
) -> Result<Response, Problem> {
    let extra = Extra::invited(Invited {
        name: link.name.to_string(),
        url: origin.url(&format!("/desk/welcome/{}", link.secret.expose())),
        code: None,
    });
    page(permit, users, frames, extra).await
}

async fn refused(
    permit: &Permit<ManageUsers>,
    users: &Users,
    frames: &Frames,
    typed: &str,
    error: String,
) -> Result<Response, Problem> {
    let extra = Extra {
        typed_name: typed.chars().take(100).collect(),
        name_error: Some(error),
        ..Extra::default()
    };
    let response = page(permit, users, frames, extra).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, response).into_response())
}

pub(super) async fn failed(
    permit: &Permit<ManageUsers>,
    users: &Users,
    frames: &Frames,
    error: AddError,
) -> Result<Response, Problem> {
    let frame = frames.of(permit);
    let notice = match error {
        AddError::Failed(error) => return Err(error.into()),
        AddError::NotFound => frame.say("desk-user-not-found"),
        AddError::NameTaken => frame.say("desk-user-name-taken"),
        AddError::NoCashier => frame.say("pin-only-cashiers"),
        AddError::LastOwner => frame.say("desk-user-last-owner"),
    };
    noticed(permit, users, frames, notice.into_owned()).await
}

async fn noticed(
    permit: &Permit<ManageUsers>,
    users: &Users,
    frames: &Frames,
    notice: String,
) -> Result<Response, Problem> {
    let extra = Extra {
        notice: Some(notice),
        ..Extra::default()
    };
    let response = page(permit, users, frames, extra).await?;
    Ok((StatusCode::CONFLICT, response).into_response())
}

pub(super) async fn page(
    permit: &Permit<ManageUsers>,
    users: &Users,
    frames: &Frames,
    extra: Extra,
) -> Result<Response, Problem> {
    html(&PeoplePage {
        frame: frames.of(permit).at(PATH),
        users: users.members().await?,
        devices: users.devices().await?,
        typed_name: extra.typed_name,
        name_error: extra.name_error,
        notice: extra.notice,
        invited: extra.invited,
    })
}
