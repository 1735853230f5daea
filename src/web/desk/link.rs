//! One payment link: its address, what was ordered by it, and the form to change it.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;

use super::{
    frame::{Frame, Frames},
    link_form::{Kind, LinkForm},
    links::{LinksState, PATH, state_word},
    permit::{ManageLinks, Permit},
    posted::Posted,
};
use crate::web::{
    buyer::{pages::Money, qr::Matrix, shell::html},
    error::Problem,
    paths::link_path,
};
use facture_domain::{Ask, Buyer, LinkState, PaymentLink, Slug};

/// As many orders are shown.
const MAX_SALES: u32 = 100;

#[derive(Template)]
#[template(path = "desk/link.html")]
struct LinkPage {
    frame: Frame,
    title: String,
    state: String,
    sold: u32,
    left: Option<u32>,
    /// The address for buyers, its code, and the sheet to print, as long as something can be ordered.
    url: String,
    svg: String,
    poster: Option<String>,
    /// A link for the shop's own web page.
    snippet: String,
    is_stopped: bool,
    /// The target of the form that stops it, or opens it again.
    switch: String,
    sales: Vec<SaleLine>,
    form: LinkForm,
    action: String,
    is_new: bool,
}

/// What was ordered.
struct SaleLine {
    path: String,
    ordered_at: Timestamp,
    pieces: u32,
    buyer: Buyer,
    is_paid: bool,
}

/// `GET /desk/links/{slug}`
pub(crate) async fn show(
    permit: Permit<ManageLinks>,
    State(state): State<LinksState>,
    frames: Frames,
    Path(slug): Path<String>,
) -> Result<Response, Problem> {
    let link = find(&state, &slug).await?;
    let form = LinkForm::of(&link, state.desk.zone(), frames.language());
    page(&permit, &state, &frames, &link, form).await
}

/// `POST /desk/links/{slug}`: changes what it says and asks for.
pub(crate) async fn change(
    State(state): State<LinksState>,
    frames: Frames,
    Path(slug): Path<String>,
    posted: Posted<ManageLinks>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let link = find(&state, &slug).await?;
    let mut form = LinkForm::sent(&fields);
    let Some(terms) = form.terms(state.desk.zone(), frames.language()) else {
        let response = page(&permit, &state, &frames, &link, form).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, response).into_response());
    };
    let actor = permit.actor();
    state
        .links
        .change(link.slug.clone(), terms, Some(&actor))
        .await?;
    Ok(back(&frames, &link.slug))
}

/// `POST /desk/links/{slug}/stop`: nothing can be ordered any more. Invoices that can still be paid are.
pub(crate) async fn stop(
    State(state): State<LinksState>,
    frames: Frames,
    Path(slug): Path<String>,
    posted: Posted<ManageLinks>,
) -> Result<Response, Problem> {
    let link = find(&state, &slug).await?;
    let actor = posted.permit.actor();
    state.links.stop(link.slug.clone(), Some(&actor)).await?;
    Ok(back(&frames, &link.slug))
}

/// `POST /desk/links/{slug}/open`: opens it again.
pub(crate) async fn open(
    State(state): State<LinksState>,
    frames: Frames,
    Path(slug): Path<String>,
    posted: Posted<ManageLinks>,
) -> Result<Response, Problem> {
    let link = find(&state, &slug).await?;
    let actor = posted.permit.actor();
    state.links.reopen(link.slug.clone(), Some(&actor)).await?;
    Ok(back(&frames, &link.slug))
}

async fn find(state: &LinksState, slug: &str) -> Result<PaymentLink, Problem> {
    let slug = Slug::parse(slug).map_err(|_| Problem::PageNotFound)?;
    Ok(state.links.find(&slug).await?)
}

fn back(frames: &Frames, slug: &Slug) -> Response {
    Redirect::to(&frames.link(&format!("{PATH}/{slug}"))).into_response()
}

/// A link as HTML, whose text is the title.
fn snippet(url: &str, title: &str) -> String {
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    format!("<a href=\"{url}\">{title}</a>")
}

async fn page(
    permit: &Permit<ManageLinks>,
    state: &LinksState,
    frames: &Frames,
    link: &PaymentLink,
    form: LinkForm,
) -> Result<Response, Problem> {
    let path = format!("{PATH}/{}", link.slug);
    let frame = frames.of(permit).at(&path);
    let url = frames.shop().url(&link_path(&link.slug));
    let is_open = link.state(1, Timestamp::now()) == LinkState::Open;
    let sales = state.links.sales(&link.slug, MAX_SALES).await?.into_iter();
    let sales = sales.map(|sale| SaleLine {
        path: frames.link(&format!("/desk/payments/{}", sale.label)),
        ordered_at: sale.ordered_at,
        pieces: sale.pieces,
        buyer: sale.buyer,
        is_paid: sale.is_paid,
    });
    html(&LinkPage {
        title: link.terms.title.as_str().to_owned(),
        state: state_word(link, &frame),
        sold: link.sold,
        left: link.left(),
        svg: Matrix::of_address(&url)?.svg(&frame.say("qr-code")),
        poster: is_open.then(|| format!("{url}/poster")),
        snippet: snippet(&url, link.terms.title.as_str()),
        url,
        switch: frames.link(&match link.stopped_at {
            Some(_) => format!("{path}/open"),
            None => format!("{path}/stop"),
        }),
        is_stopped: link.stopped_at.is_some(),
        sales: sales.collect(),
        form,
        action: frames.link(&path),
        is_new: false,
        frame,
    })
}
