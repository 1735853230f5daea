//! The frame of every page: its head, header and footer, and the lookup of its texts.

use std::borrow::Cow;

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;

use super::pages::{Money, Pages};
use crate::{
    locale::Language,
    web::{error::Problem, extract::visitor::Visitor},
};
use facture_domain::Msat;

/// The content of the frame of every page (`base.html`), and the texts of the whole page.
pub(crate) struct Shell {
    pages: Pages,
    visitor: Visitor,
    /// The path of this page, for the links to it in other languages.
    here: String,
}

impl Shell {
    /// The frame of the page with the path `here`, for this visitor.
    pub(crate) fn new(pages: &Pages, visitor: Visitor, here: &str) -> Self {
        Self {
            pages: pages.clone(),
            visitor,
            here: here.to_owned(),
        }
    }
}

impl Shell {
    /// The same for another path.
    pub(crate) fn at(self, here: &str) -> Self {
        Self {
            here: here.to_owned(),
            ..self
        }
    }
}

/// For the templates, which contain no text themselves.
impl Shell {
    pub(crate) fn here(&self) -> &str {
        &self.here
    }

    pub(crate) fn site_name(&self) -> &str {
        self.pages.site_name()
    }

    pub(crate) fn footer(&self) -> &str {
        self.pages.footer()
    }

    pub(crate) fn stylesheet(&self) -> &str {
        self.pages.stylesheet()
    }

    pub(crate) fn icon(&self) -> &str {
        self.pages.icon()
    }

    pub(crate) fn logo(&self) -> Option<&str> {
        self.pages.logo()
    }

    pub(crate) fn refresh_script(&self) -> &str {
        self.pages.refresh_script()
    }

    pub(crate) fn continue_script(&self) -> &str {
        self.pages.continue_script()
    }

    pub(crate) fn money(&self) -> Money {
        self.pages.money()
    }

    pub(crate) fn language(&self) -> Language {
        self.visitor.language
    }

    pub(crate) fn other_languages(&self) -> impl Iterator<Item = Language> {
        let own = self.language();
        Language::ALL.into_iter().filter(move |other| *other != own)
    }

    pub(crate) fn say(&self, name: &str) -> Cow<'static, str> {
        self.language().say(name)
    }

    pub(crate) fn say_with(&self, name: &str, gaps: &[(&str, String)]) -> String {
        let gaps: Vec<_> = gaps
            .iter()
            .map(|(gap, text)| (*gap, text.as_str().into()))
            .collect();
        self.language().say_with(name, &gaps)
    }

    pub(crate) fn sat(&self, amount: &Msat) -> String {
        self.language().sat(*amount)
    }

    pub(crate) fn size(&self, bytes: &u64) -> String {
        self.language().size(*bytes)
    }

    pub(crate) fn moment(&self, moment: &Timestamp) -> String {
        self.language().moment(*moment)
    }

    /// The text of the link back to the shop.
    pub(crate) fn onward(&self) -> String {
        self.say_with("onward", &[("shop", self.site_name().to_owned())])
    }

    pub(crate) fn minutes_left(&self, minutes: usize) -> String {
        let gaps = [("minutes", minutes.into())];
        self.language().say_with("minutes-left", &gaps)
    }

    pub(crate) fn link(&self, path: &str) -> String {
        self.visitor.link(path)
    }
}

/// A page as a response.
pub(crate) fn html(page: &impl Template) -> Result<Response, Problem> {
    Ok(Html(page.render()?).into_response())
}
