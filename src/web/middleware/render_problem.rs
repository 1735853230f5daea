//! The two forms of a problem, a page or JSON, and who gets which.

use axum::{
    Json,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::web::{
    api, buyer,
    error::Problem,
    extract::{format::Wants, visitor::Visitor},
    state::App,
};
use facture_runtime::metrics;

/// A problem as programs read it.
#[derive(Serialize, ToSchema)]
#[schema(as = Error)]
pub(crate) struct ErrorJson {
    #[schema(inline)]
    error: ErrorContent,
}

#[derive(Serialize, ToSchema)]
struct ErrorContent {
    /// A stable code for programs.
    #[schema(schema_with = api::document::code)]
    code: &'static str,
    /// An explanation for developers. Its wording may change.
    message: String,
    /// The field, parameter or header that is invalid, or `null`.
    #[schema(required = true)]
    field: Option<String>,
    /// The id of this request, which is also in the log.
    request_id: String,
}

/// What of a request says in which form its problem is told. Cheap to keep: most requests have none.
pub(crate) struct Asked {
    pub(crate) number: Number,
    pub(crate) method: Method,
    uri: Uri,
    headers: HeaderMap,
}

/// The headers that it depends on.
const ASKED: [HeaderName; 2] = [header::ACCEPT, header::ACCEPT_LANGUAGE];

/// A request's number, ours: a visitor's own would let them write into our log. It ties an answer to the log.
pub(crate) struct Number(HeaderValue);

impl Asked {
    pub(crate) fn of(request: &Request) -> Self {
        let mut headers = HeaderMap::new();
        for name in ASKED {
            for value in request.headers().get_all(&name) {
                headers.append(&name, value.clone());
            }
        }
        Self {
            number: Number::random(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            headers,
        }
    }

    /// Gives problems their form. Errors that the router makes come without a body and get one here too.
    pub(crate) fn rendered(&self, app: &App, response: Response) -> Response {
        let bare = !response.headers().contains_key(header::CONTENT_TYPE);
        let problem = match response.extensions().get::<Problem>() {
            Some(problem) => Some(problem.clone()),
            None if bare => Problem::from_status(response.status()),
            None => None,
        };
        match problem {
            Some(problem) => self.told(app, &problem, response),
            None => response,
        }
    }

    fn told(&self, app: &App, problem: &Problem, response: Response) -> Response {
        if let Some(reason) = problem.refusal() {
            metrics::refused(reason);
        }
        let path = self.uri.path();
        let wants = match path.strip_prefix(api::PREFIX) {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => Wants::Json,
            _ => Wants::of(&self.headers),
        };
        let mut rendered = match wants {
            Wants::Json => json(problem, &self.number),
            Wants::Page => {
                // What a buyer waits on comes back by itself; what was sent is not sent again.
                let away = problem.status() == StatusCode::SERVICE_UNAVAILABLE;
                let read_only = self.method.is_safe();
                // Never the path itself: it may be as long as a request, and one that begins with two slashes would be
                // another host's in a link. What begins with the query stays where it is (RFC 3986 §5.2.2).
                let here = if read_only { "" } else { "/" };
                let refresh = (away && read_only).then_some(5);
                let visitor = Visitor::of(app, &self.uri, &self.headers);
                let shell = buyer::Shell::new(app, visitor, here);
                buyer::problem::page(shell, visitor, problem, self.number.as_str(), refresh)
            }
        };
        problem.mark(&mut rendered);
        // What was said beside the problem still holds, such as the methods that are allowed, or who may read this.
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

impl Number {
    pub(crate) fn random() -> Self {
        let mut digits = [b'0'; 16];
        // Not with bitcoin's hex, which takes a thousand instructions, in each request. There is room for the digits, and a
        // header may have them: neither can fail.
        let _ = hex::encode_to_slice(rand::random::<[u8; 8]>(), &mut digits);
        Self(HeaderValue::from_bytes(&digits).unwrap_or(HeaderValue::from_static("")))
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

impl From<Number> for HeaderValue {
    fn from(number: Number) -> Self {
        number.0
    }
}

fn json(problem: &Problem, number: &Number) -> Response {
    let field = match problem {
        Problem::Invalid(invalid) => Some(invalid.field.clone()),
        Problem::HeaderRepeated(name) => Some((*name).to_owned()),
        _ => None,
    };
    Json(ErrorJson {
        error: ErrorContent {
            code: problem.code(),
            message: problem.explanation().into_owned(),
            field,
            request_id: number.as_str().to_owned(),
        },
    })
    .into_response()
}
