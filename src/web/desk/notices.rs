//! Notices, for owners and managers: who of the shop is told what, and whether it arrives.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    frame::{Frame, Frames},
    notice_form::{NoticeForm, NoticeFormError},
    permit::{ManageNotices, Permit},
    posted::Posted,
};
use crate::{
    notices::{Error as NoticeError, NotSent, Notices},
    web::{
        buyer::{pages::Money, shell::html},
        error::Problem,
    },
};
use facture_domain::notice::{NoticeChannel, NoticeEvent, NoticeRule, UndeliveredNotice};

const PATH: &str = "/desk/notices";

/// As many notices that were given up are shown.
const MAX_UNDELIVERED: u32 = 20;

#[derive(Template)]
#[template(path = "desk/notices.html")]
struct NoticesPage {
    frame: Frame,
    rules: Vec<NoticeRule>,
    undelivered: Vec<UndeliveredNotice>,
    /// The channels that are configured.
    channels: Vec<NoticeChannel>,
    /// The keys that switch the others on.
    missing: Vec<(NoticeChannel, &'static str)>,
    form: NoticeForm,
    /// What came of a test.
    tested: Option<Result<String, NotSent>>,
}

/// `GET /desk/notices`
pub(crate) async fn show(
    permit: Permit<ManageNotices>,
    State(notices): State<Notices>,
    frames: Frames,
) -> Result<Response, Problem> {
    page(&permit, &notices, &frames, NoticeForm::new(), None).await
}

/// `POST /desk/notices`: makes a rule.
pub(crate) async fn make(
    State(notices): State<Notices>,
    frames: Frames,
    posted: Posted<ManageNotices>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let (mut form, rule) = NoticeForm::read(&fields, |channel| notices.has(channel));
    if let Some(rule) = rule {
        match notices.add(rule, &permit.actor()).await {
            Ok(()) => return Ok(Redirect::to(&frames.link(PATH)).into_response()),
            Err(NoticeError::TooMany) => form.errors.push(("event", NoticeFormError::TooMany)),
            Err(NoticeError::Destination(_)) => {
                form.errors.push(("address", NoticeFormError::NotAllowed));
            }
            Err(error @ NoticeError::Store(_)) => return Err(error.into()),
        }
    }
    let response = page(&permit, &notices, &frames, form, None).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, response).into_response())
}

/// `POST /desk/notices/test`: sends a test at once, and shows what the server answered.
pub(crate) async fn test(
    State(notices): State<Notices>,
    frames: Frames,
    posted: Posted<ManageNotices>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let tested = match fields.text("rule").parse() {
        Ok(number) => notices.test(number).await?,
        Err(_) => None,
    };
    match tested {
        Some(tested) => {
            let form = NoticeForm::new();
            page(&permit, &notices, &frames, form, Some(tested)).await
        }
        None => Ok(Redirect::to(&frames.link(PATH)).into_response()),
    }
}

/// `POST /desk/notices/remove`
pub(crate) async fn remove(
    State(notices): State<Notices>,
    frames: Frames,
    posted: Posted<ManageNotices>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    if let Ok(number) = fields.text("rule").parse() {
        notices.remove(number, &permit.actor()).await?;
    }
    Ok(Redirect::to(&frames.link(PATH)).into_response())
}

async fn page(
    permit: &Permit<ManageNotices>,
    notices: &Notices,
    frames: &Frames,
    form: NoticeForm,
    tested: Option<Result<String, NotSent>>,
) -> Result<Response, Problem> {
    let (channels, missing): (Vec<_>, Vec<_>) = NoticeChannel::ALL
        .into_iter()
        .partition(|channel| notices.has(*channel));
    let missing = missing.into_iter();
    html(&NoticesPage {
        frame: frames.of(permit).at(PATH),
        rules: notices.rules().await?,
        undelivered: notices.undelivered(MAX_UNDELIVERED).await?,
        channels,
        missing: missing.map(|channel| (channel, key(channel))).collect(),
        form,
        tested,
    })
}

/// The key of the configuration that switches a channel on.
fn key(channel: NoticeChannel) -> &'static str {
    match channel {
        NoticeChannel::Mail => "notices.smtp_host",
        NoticeChannel::Telegram => "notices.telegram_token_file",
        // It needs none.
        NoticeChannel::Ntfy => "notices",
    }
}
