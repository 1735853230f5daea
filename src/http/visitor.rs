//! Who asks: the language they read, by `?lang=`, then `Accept-Language`, then the configuration.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Uri, header, request::Parts},
};
use url::form_urlencoded;

use super::{App, wants::Wants};
use crate::locale::Language;

/// A visitor and their language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Visitor {
    pub(super) language: Language,
    choice: Choice,
}

/// How the language was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    /// Named in the link: the page's own links keep it.
    Named,
    /// By what the browser says or the configuration: the next page finds it the same way.
    Found,
}

impl Visitor {
    pub(super) fn of(app: &App, uri: &Uri, headers: &HeaderMap) -> Self {
        let named = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
            .find(|(name, _)| name == "lang")
            .and_then(|(_, tag)| tag.parse().ok());
        if let Some(language) = named {
            return Self {
                language,
                choice: Choice::Named,
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
        }
    }

    /// A path of ours, in the language that was named.
    pub(super) fn link(self, path: &str) -> String {
        match self.choice {
            Choice::Named => format!("{path}?lang={}", self.language.tag()),
            Choice::Found => path.to_owned(),
        }
    }

    /// The language of what is said in a form of answer: programs are told in English.
    pub(super) fn told(self, wants: Wants) -> Language {
        match wants {
            Wants::Page => self.language,
            Wants::Json => Language::English,
        }
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self::of(app, &parts.uri, &parts.headers))
    }
}
