//! The visitor: their language, from `?lang=`, then `Accept-Language`, then the configuration; and how their page is
//! updated.

use std::convert::Infallible;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, HeaderValue, Uri, header, request::Parts},
    response::Response,
};
use url::form_urlencoded;

use crate::locale::Language;

const REFRESH: &str = "refresh";

const CREATED: &str = "created";

/// The language for visitors who request none that we have (`site.language`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct DefaultLanguage(pub(crate) Language);

/// A visitor and their language.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub(crate) struct Visitor {
    pub(crate) language: Language,
    source: LanguageSource,
    pub(crate) reload: Reload,
}

/// How a page that waits for news is updated.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub(crate) enum Reload {
    /// By its script. Without scripts, it continues at once to the same page with `?refresh`.
    ByScript,
    /// With `?refresh`: it is reloaded repeatedly by a header. A `meta` element could do that only at once or never
    /// (axe-core's reading of WCAG 2.2.1), whatever the page waits for.
    ByHeader,
}

/// How the language was determined.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
enum LanguageSource {
    /// Named in the link: the page's own links preserve it.
    Link,
    /// From the browser or the configuration: the next page determines it the same way.
    Request,
}

impl Visitor {
    /// The visitor who sent a request with this target and these headers.
    pub(crate) fn of(default: DefaultLanguage, uri: &Uri, headers: &HeaderMap) -> Self {
        let DefaultLanguage(default) = default;
        let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        let reload = match query.clone().any(|(name, _)| name == REFRESH) {
            true => Reload::ByHeader,
            false => Reload::ByScript,
        };
        let named = query
            .clone()
            .find(|(name, _)| name == "lang")
            .and_then(|(_, tag)| tag.parse().ok());
        if let Some(language) = named {
            return Self {
                language,
                source: LanguageSource::Link,
                reload,
            };
        }
        // Several lines of a list form one list.
        let lines: Vec<_> = headers
            .get_all(header::ACCEPT_LANGUAGE)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .collect();
        Self {
            language: Language::accepted(&lines.join(",")).unwrap_or(default),
            source: LanguageSource::Request,
            reload,
        }
    }

    /// One of our paths, in the named language.
    pub(crate) fn link(self, path: &str) -> String {
        match self.source {
            LanguageSource::Link => format!("{path}?lang={}", self.language.tag()),
            LanguageSource::Request => path.to_owned(),
        }
    }

    /// The same page, for the merchant who has just created the invoice.
    pub(crate) fn created(self, link: &str) -> String {
        with(link, CREATED)
    }

    /// Where a waiting page continues without scripts, unless it is already there.
    pub(crate) fn without_script(self, path: &str) -> Option<String> {
        (self.reload == Reload::ByScript).then(|| with(&self.link(path), REFRESH))
    }

    /// Makes the page of a response reload after some seconds, if it is reloaded by a header.
    pub(crate) fn reload_after(self, mut response: Response, seconds: i64) -> Response {
        if self.reload == Reload::ByHeader {
            let seconds = HeaderValue::from(seconds);
            response.headers_mut().insert(header::REFRESH, seconds);
        }
        response
    }
}

/// A link with one more word in its query.
fn with(link: &str, word: &str) -> String {
    let mark = if link.contains('?') { '&' } else { '?' };
    format!("{link}{mark}{word}")
}

/// Whether a query contains the word that [`Visitor::created`] adds.
pub(crate) fn has_just_created(query: &str) -> bool {
    form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == CREATED)
}

impl<S> FromRequestParts<S> for Visitor
where
    DefaultLanguage: FromRef<S>,
    S: Sync,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let default = DefaultLanguage::from_ref(state);
        Ok(Self::of(default, &parts.uri, &parts.headers))
    }
}
