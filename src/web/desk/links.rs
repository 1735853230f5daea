//! Payment links, for owners and managers: all of them, and the form for a new one.

use askama::Template;
use axum::{
    extract::{FromRef, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;

use super::{
    frame::{Frame, Frames},
    link_form::{Kind, LinkForm, LinkFormError},
    permit::{ManageLinks, Permit},
    posted::Posted,
    settings::Desk,
};
use crate::{
    links::{Error as LinkError, Links},
    web::{
        buyer::{pages::Money, shell::html},
        error::Problem,
        money_text::money,
    },
};
use facture_domain::{Ask, LinkAmount, LinkState, PaymentLink, Slug};

pub(super) const PATH: &str = "/desk/links";

#[derive(Template)]
#[template(path = "desk/links.html")]
struct LinksPage {
    frame: Frame,
    links: Vec<LinkLine>,
    form: LinkForm,
    action: String,
    is_new: bool,
}

/// A link in the list.
struct LinkLine {
    path: String,
    title: String,
    amount: String,
    state: String,
    sold: u32,
    limit: Option<u32>,
}

/// Dependencies of the links' pages.
#[derive(Clone)]
pub(crate) struct LinksState {
    pub(super) links: Links,
    pub(super) desk: Desk,
}

impl<S> FromRef<S> for LinksState
where
    Links: FromRef<S>,
    Desk: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            links: FromRef::from_ref(state),
            desk: FromRef::from_ref(state),
        }
    }
}

/// `GET /desk/links`
pub(crate) async fn show(
    permit: Permit<ManageLinks>,
    State(state): State<LinksState>,
    frames: Frames,
) -> Result<Response, Problem> {
    page(&permit, &state, &frames, LinkForm::new()).await
}

/// `POST /desk/links`: makes one, and shows it.
pub(crate) async fn make(
    State(state): State<LinksState>,
    frames: Frames,
    posted: Posted<ManageLinks>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let mut form = LinkForm::sent(&fields);
    let terms = form.terms(state.desk.zone(), frames.language());
    let Ok(slug) = Slug::parse(&form.slug) else {
        form.errors.push(("slug", LinkFormError::Slug));
        return refused(&permit, &state, &frames, form).await;
    };
    let Some(terms) = terms else {
        return refused(&permit, &state, &frames, form).await;
    };
    let path = format!("{PATH}/{slug}");
    match state.links.add(slug, terms, Some(&permit.actor())).await {
        Ok(()) => Ok(Redirect::to(&frames.link(&path)).into_response()),
        Err(LinkError::Taken) => {
            form.errors.push(("slug", LinkFormError::Taken));
            refused(&permit, &state, &frames, form).await
        }
        Err(LinkError::TooMany) => {
            form.errors.push(("slug", LinkFormError::TooMany));
            refused(&permit, &state, &frames, form).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn refused(
    permit: &Permit<ManageLinks>,
    state: &LinksState,
    frames: &Frames,
    form: LinkForm,
) -> Result<Response, Problem> {
    let response = page(permit, state, frames, form).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, response).into_response())
}

async fn page(
    permit: &Permit<ManageLinks>,
    state: &LinksState,
    frames: &Frames,
    form: LinkForm,
) -> Result<Response, Problem> {
    let frame = frames.of(permit).at(PATH);
    let links = state.links.list().await?;
    let links = links.iter().map(|link| LinkLine {
        path: frames.link(&format!("{PATH}/{}", link.slug)),
        title: link.terms.title.as_str().to_owned(),
        amount: amount(link, &frame),
        state: state_word(link, &frame),
        sold: link.sold,
        limit: link.terms.limit,
    });
    html(&LinksPage {
        links: links.collect(),
        form,
        action: frames.link(PATH),
        is_new: true,
        frame,
    })
}

/// What a buyer pays, in words.
fn amount(link: &PaymentLink, frame: &Frame) -> String {
    let money = |price| money(price, frame.language());
    match &link.terms.amount {
        LinkAmount::Fixed(price) => money(price),
        LinkAmount::Between(least, most) => format!("{} – {}", money(least), money(most)),
        LinkAmount::Free(_) => frame.say("any-amount").into_owned(),
    }
}

/// Whether something can be ordered, in words.
pub(super) fn state_word(link: &PaymentLink, frame: &Frame) -> String {
    match link.state(1, Timestamp::now()) {
        LinkState::Open => frame.say("desk-link-open"),
        LinkState::SoldOut => frame.say("link-sold-out"),
        LinkState::Ended => frame.say("desk-link-ended"),
        LinkState::Stopped => frame.say("desk-link-stopped"),
    }
    .into_owned()
}
