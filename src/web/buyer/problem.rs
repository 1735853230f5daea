//! The error page.

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
    /// Seconds after which the page reloads automatically: somebody may be waiting for a payment on it.
    refresh: Option<u8>,
    /// Where a browser without scripts continues then.
    without_script: Option<String>,
}

/// The problem as a page; the caller sets the status. `refresh`: in seconds.
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
        // The same address, whatever it was for.
        without_script: refresh.and_then(|_| visitor.without_script("")),
    };
    // If even this page fails, the title must suffice.
    let response = html(&page).unwrap_or_else(|_| title.into_response());
    match refresh {
        Some(seconds) => visitor.reload_after(response, seconds.into()),
        None => response,
    }
}
