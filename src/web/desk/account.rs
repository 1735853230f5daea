//! One's own account: password, second factor, sessions.

use askama::Template;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    frame::{Frame, Frames},
    permit::{OwnAccount, Permit},
    posted::Posted,
    settings::Desk,
    welcome::new_password,
};
use crate::{
    users::{Session, Users},
    web::{
        buyer::{pages::Money, shell::html},
        error::Problem,
    },
};
use facture_domain::desk::Role;

/// This page.
pub(super) const PATH: &str = "/desk/account";

#[derive(Template)]
#[template(path = "desk/account.html")]
struct AccountPage {
    frame: Frame,
    role: Role,
    has_second_factor: bool,
    codes_left: u32,
    /// This session.
    own: String,
    sessions: Vec<Session>,
    present_error: Option<String>,
    new_error: Option<String>,
    off_error: Option<String>,
}

/// What is wrong with a form of this page.
#[derive(Default)]
pub(super) struct Errors {
    pub(super) present: Option<String>,
    pub(super) new: Option<String>,
    pub(super) off: Option<String>,
}

/// `GET /desk/account`
pub(crate) async fn show(
    permit: Permit<OwnAccount>,
    State(users): State<Users>,
    frames: Frames,
) -> Result<Response, Problem> {
    page(&permit, &users, &frames, Errors::default()).await
}

/// `POST /desk/account/password`: sets one's own password. All sessions end.
pub(crate) async fn set_password(
    State(desk): State<Desk>,
    State(users): State<Users>,
    frames: Frames,
    posted: Posted<OwnAccount>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let staff = &permit.staff;
    desk.admit_again(&staff.name)?;
    let new = match new_password(&fields, &staff.name, &frames) {
        Ok(new) => new,
        Err(error) => {
            let errors = Errors {
                new: Some(error),
                ..Errors::default()
            };
            return page(&permit, &users, &frames, errors).await;
        }
    };
    let present = fields.text("present").to_owned();
    let actor = permit.actor();
    if !users.change_password(staff, present, new, &actor).await? {
        let error = frames.of(&permit).say("desk-password-wrong").into_owned();
        let errors = Errors {
            present: Some(error),
            ..Errors::default()
        };
        return page(&permit, &users, &frames, errors).await;
    }
    let cleared = [(header::SET_COOKIE, desk.cookie().clear()?)];
    Ok((cleared, Redirect::to(&frames.link("/desk/login"))).into_response())
}

/// `POST /desk/account/session`: ends one of one's own sessions.
pub(crate) async fn end_session(
    State(users): State<Users>,
    frames: Frames,
    posted: Posted<OwnAccount>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let id = fields.text("session");
    users
        .end_session(&permit.staff, id, &permit.actor())
        .await?;
    Ok(Redirect::to(&frames.link(PATH)).into_response())
}

/// The page, with errors as 422.
pub(super) async fn page(
    permit: &Permit<OwnAccount>,
    users: &Users,
    frames: &Frames,
    errors: Errors,
) -> Result<Response, Problem> {
    let staff = &permit.staff;
    let is_wrong = errors.present.is_some() || errors.new.is_some() || errors.off.is_some();
    let mut response = html(&AccountPage {
        frame: frames.of(permit).at(PATH),
        role: staff.role,
        has_second_factor: staff.has_second_factor,
        codes_left: users.recovery_codes_left(staff).await?,
        own: staff.session.id.clone(),
        sessions: users.sessions(staff).await?,
        present_error: errors.present,
        new_error: errors.new,
        off_error: errors.off,
    })?;
    if is_wrong {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}
