//! The front page in place of a form that is switched off: the shop's payment links.

use askama::Template;
use axum::response::Response;
use jiff::Timestamp;

use super::{
    pages::{Money, Pages},
    shell::{Shell, html},
};
use crate::{
    links::Links,
    web::{error::Problem, extract::visitor::Visitor, money_text::money, paths::link_path},
};
use facture_domain::{LinkAmount, LinkState};

#[derive(Template)]
#[template(path = "closed.html")]
struct ClosedPage {
    shell: Shell,
    /// What can be ordered.
    links: Vec<ShopLink>,
}

/// A payment link.
struct ShopLink {
    path: String,
    title: String,
    price: Option<String>,
}

/// The page.
pub(super) async fn show(
    links: &Links,
    pages: &Pages,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let now = Timestamp::now();
    let links = links.list().await?.into_iter();
    let open = links.filter(|link| link.state(1, now) == LinkState::Open);
    let links = open.map(|link| ShopLink {
        path: visitor.link(&link_path(&link.slug)),
        title: link.terms.title.as_str().to_owned(),
        price: match &link.terms.amount {
            LinkAmount::Fixed(price) => Some(money(price, visitor.language)),
            LinkAmount::Between(..) | LinkAmount::Free(_) => None,
        },
    });
    html(&ClosedPage {
        links: links.collect(),
        shell: Shell::new(pages, visitor, "/"),
    })
}
