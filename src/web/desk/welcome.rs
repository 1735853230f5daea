//! The one-time link: somebody who was added chooses a password.

use askama::Template;
use axum::{
    extract::{FromRequest, Path, Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{
    frame::{Frame, Frames},
    login::{agent, enter},
    posted::Fields,
    settings::Desk,
};
use crate::{
    users::{NewPassword, Users, WeakPassword},
    web::{
        buyer::{pages::Money, shell::html},
        error::Problem,
        extract::{body::FormFields, client::Client},
        limits::bodies::BodyLimits,
    },
};
use facture_domain::desk::{SecretText, UserName};

#[derive(Template)]
#[template(path = "desk/welcome.html")]
struct WelcomePage {
    frame: Frame,
    name: UserName,
    action: String,
    new_error: Option<String>,
}

/// `GET /desk/welcome/{link}`: the form. It uses nothing up: programs that look at links find them.
pub(crate) async fn show(
    State(users): State<Users>,
    frames: Frames,
    Path(link): Path<String>,
) -> Result<Response, Problem> {
    let name = invited(&users, &link).await?;
    html(&page(&frames, &link, name, None))
}

/// `POST /desk/welcome/{link}`: sets the password and signs in.
pub(crate) async fn accept(
    State(desk): State<Desk>,
    State(users): State<Users>,
    State(bodies): State<BodyLimits>,
    frames: Frames,
    client: Client,
    Path(link): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    desk.check_origin(request.headers())?;
    desk.admit(&client, "")?;
    let name = invited(&users, &link).await?;
    let agent = agent(request.headers());
    let fields = Fields::new(FormFields::from_request(request, &bodies).await?);
    let password = match new_password(&fields, &name, &frames) {
        Ok(password) => password,
        Err(error) => {
            let response = html(&page(&frames, &link, name, Some(error)))?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, response).into_response());
        }
    };
    let link = SecretText::new(link);
    let accepted = users
        .accept(&link, password, client.to_string(), agent)
        .await?;
    let signed_in = accepted.ok_or(Problem::LinkUsed)?;
    enter(&desk, &frames, &signed_in, "")
}

fn page(frames: &Frames, link: &str, name: UserName, new_error: Option<String>) -> WelcomePage {
    WelcomePage {
        action: frames.link(&format!("/desk/welcome/{link}")),
        frame: frames.of_stranger(),
        name,
        new_error,
    }
}

/// A password that was typed twice; what is wrong with it otherwise.
pub(super) fn new_password(
    fields: &Fields,
    name: &UserName,
    frames: &Frames,
) -> Result<NewPassword, String> {
    let frame = frames.of_stranger();
    if fields.text("password") != fields.text("again") {
        return Err(frame.say("desk-password-differs").into_owned());
    }
    NewPassword::parse(fields.text("password").to_owned(), name).map_err(|weak| {
        match weak {
            WeakPassword::TooShort => frame.say("desk-password-short"),
            WeakPassword::TooLong => frame.say("desk-password-long"),
            WeakPassword::LikeName => frame.say("desk-password-name"),
        }
        .into_owned()
    })
}

async fn invited(users: &Users, link: &str) -> Result<UserName, Problem> {
    let link = SecretText::new(link.to_owned());
    users.invited(&link).await?.ok_or(Problem::LinkUsed)
}
