//! Signing in by a PIN: a cashier scans the code on the owner's screen with the device at the counter, chooses a PIN, and types that there
//! from then on.

use askama::Template;
use axum::{
    extract::{FromRequest, Path, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};

use super::{
    counter,
    frame::{Frame, Frames},
    login::{self, PinForm, PinNotice, agent, own_path},
    posted::Fields,
    settings::Desk,
};
use crate::{
    users::{Browser, NewPin, Paired, PinOutcome, SignedIn, Users},
    web::{
        buyer::{pages::Money, shell::html},
        error::Problem,
        extract::{body::FormFields, client::Client},
        limits::bodies::BodyLimits,
    },
};
use facture_domain::desk::{SecretText, UserName};

#[derive(Template)]
#[template(path = "desk/device.html")]
struct DevicePage {
    frame: Frame,
    name: UserName,
    action: String,
    error: Option<String>,
}

/// `GET /desk/device/{link}`: the form. It uses nothing up.
pub(crate) async fn show(
    State(users): State<Users>,
    frames: Frames,
    Path(link): Path<String>,
) -> Result<Response, Problem> {
    let name = invited(&users, &link).await?;
    html(&page(&frames, &link, name, None))
}

/// `POST /desk/device/{link}`: sets the PIN, remembers the device, and signs in.
pub(crate) async fn pair(
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
    let browser = browser(&desk, &client, request.headers());
    let fields = Fields::new(FormFields::from_request(request, &bodies).await?);
    let pin = match new_pin(&fields, &frames) {
        Ok(pin) => pin,
        Err(error) => {
            let response = html(&page(&frames, &link, name, Some(error)))?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, response).into_response());
        }
    };
    let link = SecretText::new(link);
    let paired = users.pair_device(&link, pin, browser).await?;
    let Paired { device, signed_in } = paired.ok_or(Problem::LinkUsed)?;
    enter(&desk, &device, &signed_in, &frames.link(counter::PATH))
}

/// `POST /desk/login/pin`: a new session at a device that is known. Tries are counted for the device and for the client, but not for the
/// user: who guesses at a cashier's password from elsewhere does not close the counter.
pub(crate) async fn sign_in(
    State(desk): State<Desk>,
    State(users): State<Users>,
    State(bodies): State<BodyLimits>,
    frames: Frames,
    client: Client,
    request: Request,
) -> Result<Response, Problem> {
    desk.check_origin(request.headers())?;
    desk.admit(&client, "")?;
    let browser = browser(&desk, &client, request.headers());
    let fields = Fields::new(FormFields::from_request(request, &bodies).await?);
    let next = match own_path(fields.text("next")) {
        next if next.starts_with(counter::PATH) => next.to_owned(),
        _ => frames.link(counter::PATH),
    };
    let (Ok(name), Some(device)) = (UserName::parse(fields.text("name")), &browser.device) else {
        return Ok(Redirect::to(&frames.link(login::PATH)).into_response());
    };
    let device = device.clone();
    let pin = fields.text("pin").trim().to_owned();
    let notice = match users.sign_in_by_pin(&name, pin, browser).await? {
        PinOutcome::SignedIn(signed_in) => return enter(&desk, &device, &signed_in, &next),
        PinOutcome::Wrong => PinNotice::Wrong,
        PinOutcome::Forgotten => PinNotice::Forgotten,
    };
    let form = PinForm {
        names: users.device_users(&device).await?,
        chosen: Some(name),
        notice: Some(notice),
    };
    login::refused_pin(&desk, &frames, form, next)
}

/// The answer to somebody who has signed in here. The device's cookie is set again: browsers forget one that is 400 days old.
fn enter(
    desk: &Desk,
    device: &SecretText,
    signed_in: &SignedIn,
    next: &str,
) -> Result<Response, Problem> {
    let cookies = AppendHeaders([
        (header::SET_COOKIE, desk.cookie().set(&signed_in.cookie)?),
        (header::SET_COOKIE, desk.device_cookie().set(device)?),
    ]);
    Ok((cookies, Redirect::to(next)).into_response())
}

fn browser(desk: &Desk, client: &Client, headers: &HeaderMap) -> Browser {
    Browser {
        device: desk.device_cookie().read(headers),
        address: client.to_string(),
        agent: agent(headers),
    }
}

fn page(frames: &Frames, link: &str, name: UserName, error: Option<String>) -> DevicePage {
    let path = format!("/desk/device/{link}");
    DevicePage {
        action: frames.link(&path),
        frame: frames.of_stranger().at(&path),
        name,
        error,
    }
}

/// A PIN that was typed twice; what is wrong with it otherwise.
fn new_pin(fields: &Fields, frames: &Frames) -> Result<NewPin, String> {
    let frame = frames.of_stranger();
    if fields.text("pin").trim() != fields.text("again").trim() {
        return Err(frame.say("pin-differs").into_owned());
    }
    NewPin::parse(fields.text("pin")).map_err(|_| frame.say("pin-weak").into_owned())
}

async fn invited(users: &Users, link: &str) -> Result<UserName, Problem> {
    let link = SecretText::new(link.to_owned());
    users.device_link(&link).await?.ok_or(Problem::LinkUsed)
}
