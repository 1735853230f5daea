//! A sheet to print, with the code of a payment link's address.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use jiff::Timestamp;

use super::{
    link::{LinkPageState, fixed_price},
    pages::Money,
    qr::Matrix,
    shell::{Shell, html},
};
use crate::web::{
    error::Problem,
    extract::visitor::Visitor,
    lnurl::link::{lnurl, of_payment_link},
    origin::Origin,
    paths::link_path,
};
use facture_domain::{Ask, LinkState, PaymentLink};

#[derive(Template)]
#[template(path = "poster.html")]
struct PosterPage {
    shell: Shell,
    title: String,
    price: Option<String>,
    svg: String,
    /// What to do with the code.
    how: String,
    url: String,
}

/// `GET /l/{slug}/poster`: of a link by which something can be ordered. Where a wallet can order alone, its scanner finds what it
/// needs in the same code (LUD-01), and a phone's camera opens the page.
pub(crate) async fn show(
    State(state): State<LinkPageState>,
    visitor: Visitor,
    origin: Origin,
    Path(slug): Path<String>,
) -> Result<Response, Problem> {
    let link = state.find(&slug).await?;
    if link.state(1, Timestamp::now()) != LinkState::Open {
        return Err(Problem::LinkClosed);
    }
    let path = link_path(&link.slug);
    let url = origin.url(&path);
    let lnurl = match state.links.rules().is_for_wallets(&link) && asks_for_nothing(&link) {
        true => lnurl(&of_payment_link(&origin, &link.slug)),
        false => None,
    };
    let (how, code) = match lnurl {
        Some(lnurl) => (
            visitor.language.say("poster-how-wallet"),
            format!("{url}?lightning={lnurl}"),
        ),
        None => (visitor.language.say("poster-how"), url.clone()),
    };
    html(&PosterPage {
        title: link.terms.title.as_str().to_owned(),
        price: fixed_price(&link, visitor),
        svg: Matrix::of_address(&code)?.svg(&visitor.language.say("qr-code")),
        how: how.into_owned(),
        shell: Shell::new(&state.pages, visitor, &format!("{path}/poster")),
        url,
    })
}

/// Whether a buyer need not say anything. What must be said, few wallets can: then the code leads to the page alone.
fn asks_for_nothing(link: &PaymentLink) -> bool {
    let terms = &link.terms;
    [terms.name, terms.mail, terms.note]
        .iter()
        .all(|ask| *ask != Ask::Required)
}
