//! The pages: each a struct beside its handler, with the template of the same name in `templates/`.

pub(super) mod checkout;
pub(super) mod form;
pub(super) mod problem;
mod qr;
pub(super) mod sandbox;

use std::fmt;

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;

use super::{App, Mode, assets, error::Problem};

/// What the frame of every page (`base.html`) shows.
struct Shell {
    site_name: String,
    stylesheet: String,
    icon: String,
    money: Money,
}

/// Whether the page is about real money.
#[derive(PartialEq)]
enum Money {
    Real,
    Sandbox,
}

impl Shell {
    fn new(app: &App) -> Self {
        Self {
            site_name: app.site.name.as_str().to_owned(),
            stylesheet: assets::link("facture.css"),
            icon: assets::link("icon.svg"),
            money: match app.mode {
                Mode::Live => Money::Real,
                Mode::Sandbox(_) => Money::Sandbox,
            },
        }
    }
}

fn html(page: &impl Template) -> Result<Response, Problem> {
    Ok(Html(page.render()?).into_response())
}

/// A moment as a page shows it: for people in UTC, since without script we cannot know the reader's zone; for programs
/// by [`Moment::iso`].
struct Moment(Timestamp);

impl Moment {
    fn iso(&self) -> Timestamp {
        self.0
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m-%d %H:%M UTC"))
    }
}
