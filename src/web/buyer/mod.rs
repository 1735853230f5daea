//! The pages: each a struct beside its handler, with the template of the same name in `templates/`.

pub(crate) mod api;
pub(crate) mod charge;
pub(crate) mod checkout;
pub(crate) mod description;
pub(crate) mod form;
mod form_errors;
pub(crate) mod payable;
pub(crate) mod png;
pub(crate) mod posted;
pub(crate) mod problem;
pub(crate) mod proof;
pub(crate) mod qr;
pub(crate) mod renew;
pub(crate) mod sandbox;
pub(crate) mod status;
pub(crate) mod wallets;

use std::borrow::Cow;

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;

use super::error::Problem;
use crate::locale::Language;
use crate::web::extract::visitor::Visitor;
use crate::web::state::{App, Mode};
use facture_domain::Msat;

/// What the frame of every page (`base.html`) shows, and the words of all of it.
pub(crate) struct Shell {
    visitor: Visitor,
    /// The path of this page, for the links to it in other languages.
    here: String,
    site_name: String,
    stylesheet: String,
    icon: String,
    /// The script of a page that asks again by itself.
    again: String,
    logo: Option<String>,
    footer: String,
    money: Money,
}

/// Whether the page is about real money.
#[derive(PartialEq)]
enum Money {
    Real,
    Sandbox,
}

impl Shell {
    pub(crate) fn new(app: &App, visitor: Visitor, here: &str) -> Self {
        Self {
            visitor,
            here: here.to_owned(),
            site_name: app.site.name.as_str().to_owned(),
            stylesheet: app.assets.link("facture.css"),
            icon: app
                .logo
                .clone()
                .unwrap_or_else(|| app.assets.link("icon.svg")),
            again: app.assets.link("again.js"),
            logo: app.logo.clone(),
            footer: app.site.footer.as_str().to_owned(),
            money: match app.mode {
                Mode::Live => Money::Real,
                Mode::Sandbox(_) => Money::Sandbox,
            },
        }
    }
}

/// For the templates, which hold no text of their own.
impl Shell {
    fn language(&self) -> Language {
        self.visitor.language
    }

    fn other_languages(&self) -> impl Iterator<Item = Language> {
        let own = self.language();
        Language::ALL.into_iter().filter(move |other| *other != own)
    }

    fn say(&self, name: &str) -> Cow<'static, str> {
        self.language().say(name)
    }

    fn say_with(&self, name: &str, gaps: &[(&str, String)]) -> String {
        let gaps: Vec<_> = gaps
            .iter()
            .map(|(gap, text)| (*gap, text.as_str().into()))
            .collect();
        self.language().say_with(name, &gaps)
    }

    fn sat(&self, amount: &Msat) -> String {
        self.language().sat(*amount)
    }

    fn moment(&self, moment: &Timestamp) -> String {
        self.language().moment(*moment)
    }

    /// What leads back to the shop.
    fn onward(&self) -> String {
        self.say_with("onward", &[("shop", self.site_name.clone())])
    }

    fn minutes_left(&self, minutes: usize) -> String {
        let gaps = [("minutes", minutes.into())];
        self.language().say_with("minutes-left", &gaps)
    }

    fn link(&self, path: &str) -> String {
        self.visitor.link(path)
    }
}

fn html(page: &impl Template) -> Result<Response, Problem> {
    Ok(Html(page.render()?).into_response())
}
