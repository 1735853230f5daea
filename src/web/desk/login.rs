//! Signing in and out.

use askama::Template;
use axum::{
    extract::{FromRequest, RawQuery, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use facture_domain::desk::UserName;
use url::form_urlencoded;

use super::{
    frame::{Frame, Frames},
    permit::SignOut,
    posted::{Fields, Posted},
    settings::Desk,
};
use crate::{
    users::{Attempt, SignedIn, Users},
    web::{
        buyer::{pages::Money, shell::html},
        error::Problem,
        extract::{body::FormFields, client::Client},
        limits::bodies::BodyLimits,
    },
};

/// Where somebody is who has just signed in, unless they asked for something else.
const HOME: &str = "/desk";

/// This page.
pub(super) const PATH: &str = "/desk/login";

/// Where plug-ins of shops send their owner; needs a session too.
const PAIRING: &str = "/api-keys/authorize";

/// The longest address to come back to.
const MAX_NEXT: usize = 2000;

#[derive(Template)]
#[template(path = "desk/login.html")]
struct LoginPage {
    frame: Frame,
    name: String,
    next: String,
    is_refused: bool,
    has_demo: bool,
    pin: PinForm,
}

/// The form for a PIN, at a device that knows somebody.
#[derive(Default)]
pub(super) struct PinForm {
    /// Who signs in at it; without anybody there is no form.
    pub(super) names: Vec<UserName>,
    /// Who just tried.
    pub(super) chosen: Option<UserName>,
    pub(super) notice: Option<PinNotice>,
}

/// What became of a PIN.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PinNotice {
    /// It was another one.
    Wrong,
    /// The device does not know them, any more.
    Forgotten,
}

impl PinForm {
    /// For the template.
    fn is_chosen(&self, name: &UserName) -> bool {
        self.chosen.as_ref() == Some(name)
    }
}

/// `GET /desk/login`: the form.
pub(crate) async fn show(
    State(desk): State<Desk>,
    State(users): State<Users>,
    frames: Frames,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let pin = at_device(&desk, &users, &headers).await?;
    let query = query.unwrap_or_default();
    let mut query = form_urlencoded::parse(query.as_bytes());
    let next = query.find(|(name, _)| name == "next");
    let next = next.map_or(String::new(), |(_, path)| own_path(&path).to_owned());
    html(&page(&desk, &frames, pin, next))
}

/// 422: the forms again after a PIN that was not right.
pub(super) fn refused_pin(
    desk: &Desk,
    frames: &Frames,
    pin: PinForm,
    next: String,
) -> Result<Response, Problem> {
    let response = html(&page(desk, frames, pin, next))?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, response).into_response())
}

/// The form for a PIN at the device that this browser is, if it is one.
async fn at_device(desk: &Desk, users: &Users, headers: &HeaderMap) -> Result<PinForm, Problem> {
    let names = match desk.device_cookie().read(headers) {
        Some(device) => users.device_users(&device).await?,
        None => Vec::new(),
    };
    Ok(PinForm {
        names,
        ..PinForm::default()
    })
}

/// The page as somebody finds it who has typed nothing.
fn page(desk: &Desk, frames: &Frames, pin: PinForm, next: String) -> LoginPage {
    LoginPage {
        frame: frames.of_stranger().at(PATH),
        name: String::new(),
        next,
        is_refused: false,
        has_demo: desk.has_demo(),
        pin,
    }
}

/// `POST /desk/login`: a new session, whatever cookie the browser had. What was wrong is not said.
pub(crate) async fn sign_in(
    State(desk): State<Desk>,
    State(users): State<Users>,
    State(bodies): State<BodyLimits>,
    frames: Frames,
    client: Client,
    request: Request,
) -> Result<Response, Problem> {
    desk.check_origin(request.headers())?;
    let headers = request.headers().clone();
    let agent = agent(&headers);
    let fields = Fields::new(FormFields::from_request(request, &bodies).await?);
    let next = own_path(fields.text("next")).to_owned();
    desk.admit(&client, fields.text("name"))?;
    let attempt = Attempt {
        name: fields.text("name").to_owned(),
        password: fields.text("password").to_owned(),
        code: fields.text("code").to_owned(),
        address: client.to_string(),
        agent,
    };
    if let Some(signed_in) = users.sign_in(attempt).await? {
        return enter(&desk, &frames, &signed_in, &next);
    }
    let pin = at_device(&desk, &users, &headers).await?;
    let response = html(&LoginPage {
        name: fields.text("name").chars().take(100).collect(),
        is_refused: true,
        ..page(&desk, &frames, pin, next)
    })?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, response).into_response())
}

/// `POST /desk/login/demo`: a session of a sandbox's only user. The route exists in sandboxes alone.
pub(crate) async fn sign_in_as_demo(
    State(desk): State<Desk>,
    State(users): State<Users>,
    State(bodies): State<BodyLimits>,
    frames: Frames,
    client: Client,
    request: Request,
) -> Result<Response, Problem> {
    desk.check_origin(request.headers())?;
    desk.admit(&client, "")?;
    let agent = agent(request.headers());
    // Its only field may be missing.
    let fields = FormFields::from_request(request, &bodies).await.ok();
    let fields = fields.map(Fields::new);
    let next = fields.as_ref().map_or("", |fields| fields.text("next"));
    let signed_in = users.sign_in_as_demo(client.to_string(), agent).await?;
    match signed_in {
        Some(signed_in) => enter(&desk, &frames, &signed_in, own_path(next)),
        None => Ok(Redirect::to(&frames.link(PATH)).into_response()),
    }
}

/// `POST /desk/logout`: ends the session.
pub(crate) async fn sign_out(
    State(desk): State<Desk>,
    State(users): State<Users>,
    frames: Frames,
    posted: Posted<SignOut>,
) -> Result<Response, Problem> {
    let permit = posted.permit;
    let session = permit.staff.session.id.as_str();
    users
        .end_session(&permit.staff, session, &permit.actor())
        .await?;
    let cleared = [(header::SET_COOKIE, desk.cookie().clear()?)];
    Ok((cleared, Redirect::to(&frames.link(PATH))).into_response())
}

/// The answer to somebody who has signed in.
pub(super) fn enter(
    desk: &Desk,
    frames: &Frames,
    signed_in: &SignedIn,
    next: &str,
) -> Result<Response, Problem> {
    let cookie = [(header::SET_COOKIE, desk.cookie().set(&signed_in.cookie)?)];
    let next = match next {
        "" => frames.link(HOME),
        next => next.to_owned(),
    };
    Ok((cookie, Redirect::to(&next)).into_response())
}

/// A page of the desk to come back to; empty for anything else.
pub(super) fn own_path(path: &str) -> &str {
    let plain = path
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_below = |home| {
        let rest = path.strip_prefix(home);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    };
    let own = is_below(HOME) || is_below(PAIRING);
    match plain && own && path.len() <= MAX_NEXT {
        true => path,
        false => "",
    }
}

/// The browser, as it says.
pub(super) fn agent(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT);
    agent
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_to_another_site() {
        for path in [
            "/desk",
            "/desk/payments?q=1&status=paid",
            "/desk?lang=de",
            "/api-keys/authorize/?strict=true",
        ] {
            assert_eq!(own_path(path), path);
        }
        for path in [
            "",
            "//evil.example",
            "https://evil.example",
            "/deskevil",
            "/api-keys/authorizeevil",
            "/",
            "/desk/\\evil",
            "/desk/a b",
            "/desk/\r\nx",
        ] {
            assert_eq!(own_path(path), "", "{path}");
        }
    }
}
