//! Renders problems as a page or as JSON, depending on the client.

use crate::web::{
    buyer::{pages::Pages, problem as problem_page, shell::Shell},
    error::Problem,
    error_json::ErrorJson,
    extract::{format::ResponseFormat, visitor::Visitor},
    paths::{API_PREFIX, SANDBOX_PREFIX},
    request_id::RequestId,
};
use axum::{
    Json,
    extract::Request,
    http::{HeaderMap, HeaderName, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use facture_runtime::metrics;

/// The parts of a request needed to render its problem and to log it. Cheap: most requests have no problem.
pub(crate) struct RequestContext {
    pub(crate) id: RequestId,
    pub(crate) method: Method,
    uri: Uri,
    headers: HeaderMap,
}

/// The headers on which the format and the language of a problem depend.
const NEGOTIATION_HEADERS: [HeaderName; 2] = [header::ACCEPT, header::ACCEPT_LANGUAGE];

impl RequestContext {
    pub(crate) fn of(request: &Request) -> Self {
        let mut headers = HeaderMap::new();
        for name in NEGOTIATION_HEADERS {
            for value in request.headers().get_all(&name) {
                headers.append(&name, value.clone());
            }
        }
        Self {
            id: RequestId::random(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            headers,
        }
    }

    /// Renders problems. Errors from the router have no body, and get one here too.
    pub(crate) fn rendered(&self, pages: &Pages, response: Response) -> Response {
        let bare = !response.headers().contains_key(header::CONTENT_TYPE);
        let problem = match response.extensions().get::<Problem>() {
            Some(problem) => Some(problem.clone()),
            None if bare => Problem::from_status(response.status()),
            None => None,
        };
        match problem {
            Some(problem) => self.render(pages, &problem, response),
            None => response,
        }
    }

    fn render(&self, pages: &Pages, problem: &Problem, response: Response) -> Response {
        if let Some(reason) = problem.refusal() {
            metrics::refused(reason);
        }
        let path = self.uri.path();
        let is_below = |prefix| {
            let rest = path.strip_prefix(prefix);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let format = match is_below(API_PREFIX) || is_below(SANDBOX_PREFIX) {
            true => ResponseFormat::Json,
            false => ResponseFormat::of(&self.headers),
        };
        let mut rendered = match format {
            ResponseFormat::Json => Json(ErrorJson::new(problem, &self.id)).into_response(),
            ResponseFormat::Html => {
                // A page that a buyer is waiting on reloads automatically; a form is not resubmitted.
                let away = problem.status() == StatusCode::SERVICE_UNAVAILABLE;
                let read_only = self.method.is_safe();
                // Never the path itself: it may be as long as a request, and in a link, one beginning with two slashes
                // would point to another host. A link that begins with the query stays on the same path (RFC 3986
                // §5.2.2).
                let here = if read_only { "" } else { "/" };
                let refresh = (away && read_only).then_some(5);
                let visitor = Visitor::of(pages.language(), &self.uri, &self.headers);
                let shell = Shell::new(pages, visitor, here);
                problem_page::page(shell, visitor, problem, self.id.as_str(), refresh)
            }
        };
        problem.mark(&mut rendered);
        // Headers set along with the problem still apply, such as the allowed methods or CORS.
        let (mut told, _) = response.into_parts();
        told.headers.remove(header::CONTENT_LENGTH);
        for (name, value) in &told.headers {
            if !rendered.headers().contains_key(name) {
                rendered.headers_mut().append(name, value.clone());
            }
        }
        rendered
    }
}
