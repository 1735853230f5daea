//! The page for everything that went wrong.

use std::borrow::Cow;

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::{
    pages::Money,
    shell::{Shell, html},
};
use crate::web::{error::Problem, extract::visitor::Visitor};

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    shell: Shell,
    title: Cow<'static, str>,
    message: String,
    request_id: &'a str,
    /// Seconds after which the page asks again by itself: somebody may be waiting for a payment on it.
    refresh: Option<u8>,
    /// Where a browser without script goes on then.
    without_script: Option<String>,
}

/// The problem as a page; the status is the caller's to set. `refresh`: in seconds.
pub(crate) fn page(
    shell: Shell,
    visitor: Visitor,
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
        // The same address, whatever it was.
        without_script: refresh.and_then(|_| visitor.without_script("")),
    };
    // Where even this page fails, the title has to do.
    let response = html(&page).unwrap_or_else(|_| title.into_response());
    match refresh {
        Some(seconds) => visitor.reload_after(response, seconds.into()),
        None => response,
    }
}
