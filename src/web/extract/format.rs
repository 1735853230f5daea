//! The format that the client wants: a page or JSON.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use headers_accept::Accept;
use mediatype::{
    MediaType,
    names::{APPLICATION, HTML, JSON, TEXT},
};

/// The format of a response, from the `Accept` header (RFC 9110 §12.5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResponseFormat {
    /// A page: for browsers, and for clients that do not specify a format.
    Html,
    /// JSON: for programs that request it.
    Json,
}

const PAGE: MediaType = MediaType::new(TEXT, HTML);
const JSON_TYPE: MediaType = MediaType::new(APPLICATION, JSON);

impl ResponseFormat {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(header::ACCEPT).iter();
        let lines: Vec<_> = lines.filter_map(|line| line.to_str().ok()).collect();
        match lines[..] {
            // The most common values need no weighing.
            ["application/json"] => return Self::Json,
            [] => return Self::Html,
            [line] if line.starts_with("text/html,") => return Self::Html,
            _ => {}
        }
        // Several lines of a list form one list. A charset adds nothing for JSON, and would only prevent a match.
        let list = lines
            .join(",")
            .replace(' ', "")
            .replace(";charset=utf-8", "");
        let Ok(accept) = list.parse::<Accept>() else {
            return Self::Html;
        };
        match accept.negotiate(&[PAGE, JSON_TYPE]) {
            Some(chosen) if *chosen == JSON_TYPE => Self::Json,
            _ => Self::Html,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for ResponseFormat {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_get_pages_and_programs_what_they_ask_for() {
        let format = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            ResponseFormat::of(&headers)
        };
        assert_eq!(ResponseFormat::of(&HeaderMap::new()), ResponseFormat::Html);
        for accept in [
            "*/*",
            "text/html,application/xhtml+xml,*/*;q=0.8",
            "image/png",
            "???",
            "text/html, application/json",
        ] {
            assert_eq!(format(accept), ResponseFormat::Html, "{accept}");
        }
        for accept in [
            "application/json",
            "application/json, text/plain, */*",
            "application/json; charset=utf-8",
            "text/html;q=0.5, application/json",
        ] {
            assert_eq!(format(accept), ResponseFormat::Json, "{accept}");
        }
    }
}
