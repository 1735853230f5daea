//! Who asks: the language they read, by `?lang=`, then `Accept-Language`, then the configuration; and whether by script.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, Uri, header, request::Parts},
    response::Response,
};
use url::form_urlencoded;

use crate::locale::Language;
use crate::web::state::App;

const REFRESH: &str = "refresh";

const CREATED: &str = "created";

/// A visitor and their language.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub(crate) struct Visitor {
    pub(crate) language: Language,
    choice: Choice,
    pub(crate) loads: Loads,
}

/// How the news come to a page that waits for some.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub(crate) enum Loads {
    /// By its script. Without script it goes on at once to the same page with `?refresh`.
    Once,
    /// With `?refresh`: it is loaded again and again, by a header. An element of the page may do that at once or never
    /// (axe-core's reading of WCAG 2.2.1), whatever the page waits for.
    Again,
}

/// How the language was found.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
enum Choice {
    /// Named in the link: the page's own links keep it.
    Named,
    /// By what the browser says or the configuration: the next page finds it the same way.
    Found,
}

impl Visitor {
    pub(crate) fn of(app: &App, uri: &Uri, headers: &HeaderMap) -> Self {
        let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        let loads = match query.clone().any(|(name, _)| name == REFRESH) {
            true => Loads::Again,
            false => Loads::Once,
        };
        let named = query
            .clone()
            .find(|(name, _)| name == "lang")
            .and_then(|(_, tag)| tag.parse().ok());
        if let Some(language) = named {
            return Self {
                language,
                choice: Choice::Named,
                loads,
            };
        }
        // Several lines of a list are one list.
        let lines: Vec<_> = headers
            .get_all(header::ACCEPT_LANGUAGE)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .collect();
        Self {
            language: Language::accepted(&lines.join(",")).unwrap_or(app.site.language),
            choice: Choice::Found,
            loads,
        }
    }

    /// A path of ours, in the language that was named.
    pub(crate) fn link(self, path: &str) -> String {
        match self.choice {
            Choice::Named => format!("{path}?lang={}", self.language.tag()),
            Choice::Found => path.to_owned(),
        }
    }

    /// The same page for who has just created its invoice.
    pub(crate) fn created(self, link: &str) -> String {
        with(link, CREATED)
    }

    /// Where a page of ours that waits goes on without script, unless it is there already.
    pub(crate) fn without_script(self, path: &str) -> Option<String> {
        (self.loads == Loads::Once).then(|| with(&self.link(path), REFRESH))
    }

    /// Has an answer loaded again after some seconds, if its page is one that is.
    pub(crate) fn load_again(self, mut response: Response, seconds: i64) -> Response {
        if self.loads == Loads::Again {
            let seconds = HeaderValue::from(seconds);
            response.headers_mut().insert(header::REFRESH, seconds);
        }
        response
    }
}

/// A link with another word in its query.
fn with(link: &str, word: &str) -> String {
    let mark = if link.contains('?') { '&' } else { '?' };
    format!("{link}{mark}{word}")
}

/// Whether a query has the word that [`Visitor::created`] adds.
pub(crate) fn has_just_created(query: &str) -> bool {
    form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == CREATED)
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self::of(app, &parts.uri, &parts.headers))
    }
}
