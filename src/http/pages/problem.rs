//! The page for everything that went wrong.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::{Money, Shell, html};
use crate::http::error::Problem;

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    shell: Shell,
    title: String,
    message: String,
    request_id: &'a str,
    /// Seconds after which the page asks again by itself: somebody may be waiting for a payment on it.
    refresh: Option<u8>,
}

/// The problem as a page; the status is the caller's to set. `refresh`: in seconds.
pub(in crate::http) fn page(
    shell: Shell,
    problem: &Problem,
    request_id: &str,
    refresh: Option<u8>,
) -> Response {
    let language = shell.language();
    let title = problem.title(language);
    let page = ProblemPage {
        shell,
        message: problem.message(language),
        title: title.clone(),
        request_id,
        refresh,
    };
    // Where even this page fails, the title has to do.
    html(&page).unwrap_or_else(|_| title.into_response())
}
