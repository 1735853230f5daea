//! A sheet to print, with the code of a payment link's address.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{
    link::{LinkPageState, fixed_price},
    pages::Money,
    qr::Matrix,
    shell::{Shell, html},
};
use crate::web::{error::Problem, extract::visitor::Visitor, origin::Origin, paths::link_path};

#[derive(Template)]
#[template(path = "poster.html")]
struct PosterPage {
    shell: Shell,
    title: String,
    price: Option<String>,
    svg: String,
    url: String,
}

/// `GET /l/{slug}/poster`
pub(crate) async fn show(
    State(state): State<LinkPageState>,
    visitor: Visitor,
    origin: Origin,
    Path(slug): Path<String>,
) -> Result<Response, Problem> {
    let link = state.find(&slug).await?;
    let path = link_path(&link.slug);
    let url = format!("{}{path}", origin.as_str());
    html(&PosterPage {
        title: link.terms.title.as_str().to_owned(),
        price: fixed_price(&link, visitor),
        svg: Matrix::of_address(&url)?.svg(&visitor.language.say("qr-code")),
        shell: Shell::new(&state.pages, visitor, &format!("{path}/poster")),
        url,
    })
}
