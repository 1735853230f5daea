//! Turning one's second factor on and off. The secret is in the page until a code of it is right: the store has none that an
//! app does not have.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    account::{self, Errors, PATH},
    frame::{Frame, Frames},
    permit::{OwnAccount, Permit},
    posted::Posted,
    settings::Desk,
};
use crate::{
    users::{SecondFactor, Users},
    web::{
        buyer::{pages::Money, qr::Matrix, shell::html},
        error::Problem,
    },
};
use facture_domain::desk::SecretText;

#[derive(Template)]
#[template(path = "desk/second_factor.html")]
struct SecondFactorPage {
    frame: Frame,
    secret: String,
    qr: String,
    is_wrong: bool,
}

#[derive(Template)]
#[template(path = "desk/recovery_codes.html")]
struct RecoveryCodesPage {
    frame: Frame,
    codes: Vec<SecretText>,
}

/// `POST /desk/account/second-factor`: a new secret, as a QR code. It is posted because it makes something.
pub(crate) async fn offer(frames: Frames, posted: Posted<OwnAccount>) -> Result<Response, Problem> {
    let factor = SecondFactor::generate(&posted.permit.staff.name)?;
    offered(&posted.permit, &frames, &factor, false)
}

/// `POST /desk/account/second-factor/on`: turns it on if the code is right, and shows the recovery codes once.
pub(crate) async fn turn_on(
    State(desk): State<Desk>,
    State(users): State<Users>,
    frames: Frames,
    posted: Posted<OwnAccount>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let staff = &permit.staff;
    desk.admit_again(&staff.name)?;
    let factor = SecondFactor::of(fields.text("secret"), &staff.name).ok_or(Problem::BadRequest)?;
    let (code, actor) = (fields.text("code"), permit.actor());
    match users.turn_on(staff, &factor, code, &actor).await? {
        Some(codes) => html(&RecoveryCodesPage {
            frame: frames.of(&permit).at(PATH),
            codes,
        }),
        None => {
            let response = offered(&permit, &frames, &factor, true)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, response).into_response())
        }
    }
}

/// `POST /desk/account/second-factor/off`: turns it off; needs the password.
pub(crate) async fn turn_off(
    State(desk): State<Desk>,
    State(users): State<Users>,
    frames: Frames,
    posted: Posted<OwnAccount>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    desk.admit_again(&permit.staff.name)?;
    let password = fields.text("password").to_owned();
    if users
        .turn_off(&permit.staff, password, &permit.actor())
        .await?
    {
        return Ok(Redirect::to(&frames.link(PATH)).into_response());
    }
    let errors = Errors {
        off: Some(frames.of(&permit).say("desk-password-wrong").into_owned()),
        ..Errors::default()
    };
    account::page(&permit, &users, &frames, errors).await
}

fn offered(
    permit: &Permit<OwnAccount>,
    frames: &Frames,
    factor: &SecondFactor,
    is_wrong: bool,
) -> Result<Response, Problem> {
    let frame = frames.of(permit).at(PATH);
    let name = frame.say("qr-code").into_owned();
    html(&SecondFactorPage {
        secret: factor.secret().to_owned(),
        qr: Matrix::of_secret(&factor.uri()?)?.svg(&name),
        frame,
        is_wrong,
    })
}
