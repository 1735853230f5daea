//! The page for everything that went wrong.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::{Money, Shell, html};
use crate::http::{App, error::Problem};

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    shell: Shell,
    title: &'a str,
    message: &'a str,
    request_id: &'a str,
}

/// The problem as a page; the status is the caller's to set.
pub(in crate::http) fn page(app: &App, problem: &Problem, request_id: &str) -> Response {
    let page = ProblemPage {
        shell: Shell::new(app),
        title: problem.title(),
        message: problem.message(),
        request_id,
    };
    // Where even this page fails, the title has to do.
    html(&page).unwrap_or_else(|_| problem.title().into_response())
}
