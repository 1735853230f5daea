//! Everything that can go wrong for a visitor, in one list, and its two forms: a page or JSON.
//!
//! Handlers return [`Problem`]; it travels in the response's extensions to [`render`], the one place that knows what
//! the client wants to read. A problem's text is for outsiders: its cause goes to the log, once, where the problem is
//! made.

use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{App, layers::REQUEST_ID, pages, visitor::Visitor, wants::Wants};
use crate::{
    invoicing::Error as InvoicingError, lightning::Error as NodeError, locale::Language,
    token::Scope,
};

/// Seconds after which a client should try again when the node is away.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// What a visitor is told went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    PageNotFound,
    InvoiceNotFound,
    NotPayable,
    MethodNotAllowed,
    NotAForm,
    NotJson,
    MalformedJson,
    BadRequest,
    /// No token, or none that is valid.
    Unauthorized,
    /// The token does not go that far.
    Forbidden(Scope),
    /// An idempotency key that belongs to another request.
    KeyReused,
    TooLarge,
    TooSlow,
    /// Too many requests in a short time: what a layer says with a bare 429.
    RateLimited,
    /// A field's value cannot be taken.
    Invalid(Invalid),
    NodeUnreachable,
    NodeTooSlow,
    NodeBusy,
    NodeRefused,
    NodeMalformed,
    NodeReplaced,
    NotFollowing,
    StoreFailed,
    Internal,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Invalid {
    /// The field's name in the form.
    pub(super) field: String,
    /// For programs.
    pub(super) code: &'static str,
    /// For people, a sentence.
    pub(super) message: String,
}

impl Problem {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::PageNotFound | Self::InvoiceNotFound => StatusCode::NOT_FOUND,
            Self::NotPayable => StatusCode::GONE,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAForm | Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BadRequest | Self::MalformedJson => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::KeyReused => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NodeUnreachable
            | Self::NodeTooSlow
            | Self::NodeBusy
            | Self::NodeRefused
            | Self::NodeMalformed
            | Self::NodeReplaced
            | Self::NotFollowing
            | Self::StoreFailed => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// For programs; part of the interface.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::PageNotFound => "not_found",
            Self::InvoiceNotFound => "invoice_not_found",
            Self::NotPayable => "invoice_not_payable",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::NotAForm | Self::NotJson => "unsupported_media_type",
            Self::MalformedJson => "json_malformed",
            Self::BadRequest => "bad_request",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden(_) => "forbidden",
            Self::KeyReused => "idempotency_key_reused",
            Self::TooLarge => "body_too_large",
            Self::TooSlow => "request_timeout",
            Self::RateLimited => "rate_limited",
            Self::Invalid(invalid) => invalid.code,
            Self::NodeUnreachable => "node_unreachable",
            Self::NodeTooSlow => "node_timeout",
            Self::NodeBusy => "node_busy",
            Self::NodeRefused => "node_refused",
            Self::NodeMalformed => "node_malformed",
            Self::NodeReplaced => "node_replaced",
            Self::NotFollowing => "node_not_followed",
            Self::StoreFailed => "store_failed",
            Self::Internal => "internal",
        }
    }

    /// What happened, as a heading.
    pub(super) fn title(&self, language: Language) -> String {
        language.say(&format!("{}.title", self.text()))
    }

    /// What it means and what to do next. A field's fault is said in the language in which the field was read.
    pub(super) fn message(&self, language: Language) -> String {
        match self {
            Self::Invalid(invalid) => invalid.message.clone(),
            _ => match self.for_programs() {
                Some(message) => message.to_owned(),
                None => language.say(&self.text()),
            },
        }
    }

    /// What only a program can do wrong, told in the language of the interface; no page ever says it.
    fn for_programs(&self) -> Option<&'static str> {
        Some(match self {
            Self::NotJson => "Send the fields as application/json.",
            Self::MalformedJson => "The body is not well-formed JSON.",
            Self::Unauthorized => "Send a valid API token: Authorization: Bearer <token>.",
            Self::Forbidden(scope) => match scope {
                Scope::InvoicesRead => "The token lacks the scope invoices:read.",
                Scope::InvoicesCreate => "The token lacks the scope invoices:create.",
                Scope::Webhooks => "The token lacks the scope webhooks.",
                Scope::Admin => "The token lacks the scope admin.",
            },
            Self::KeyReused => {
                "Another request was sent with this idempotency key before. Use a new key for a new request."
            }
            _ => return None,
        })
    }

    /// The name of its words in `locales/`.
    fn text(&self) -> String {
        match self {
            Self::Invalid(_) => "trouble-invalid".to_owned(),
            _ if self.for_programs().is_some() => "trouble-bad-request".to_owned(),
            _ => format!("trouble-{}", self.code().replace('_', "-")),
        }
    }

    /// What the router and the layers report, which know a status only.
    fn from_status(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::NOT_FOUND => Some(Self::PageNotFound),
            StatusCode::METHOD_NOT_ALLOWED => Some(Self::MethodNotAllowed),
            StatusCode::REQUEST_TIMEOUT => Some(Self::TooSlow),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::TooLarge),
            StatusCode::TOO_MANY_REQUESTS => Some(Self::RateLimited),
            status if status.is_client_error() => Some(Self::BadRequest),
            status if status.is_server_error() => Some(Self::Internal),
            _ => None,
        }
    }

    /// The problem as JSON.
    fn json(&self, request_id: &str) -> Response {
        #[derive(Serialize)]
        struct Body<'a> {
            error: Content<'a>,
        }
        #[derive(Serialize)]
        struct Content<'a> {
            code: &'a str,
            message: String,
            #[serde(skip_serializing_if = "Option::is_none")]
            field: Option<&'a str>,
            request_id: &'a str,
        }
        let field = match self {
            Self::Invalid(invalid) => Some(invalid.field.as_str()),
            _ => None,
        };
        Json(Body {
            error: Content {
                code: self.code(),
                message: self.message(Language::English),
                field,
                request_id,
            },
        })
        .into_response()
    }

    /// Sets the status of an answer, and when to come again.
    pub(super) fn mark(&self, response: &mut Response) {
        *response.status_mut() = self.status();
        if let Self::Unauthorized = self {
            let bearer = HeaderValue::from_static("Bearer realm=\"facture\"");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, bearer);
        }
        if self.status() == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, RETRY_AFTER);
        }
    }
}

impl From<NodeError> for Problem {
    fn from(error: NodeError) -> Self {
        tracing::warn!(%error, "no use of the node");
        match error {
            NodeError::Unreachable(_) | NodeError::Lost { .. } | NodeError::Unreadable { .. } => {
                Self::NodeUnreachable
            }
            NodeError::OtherNode { .. } => Self::NodeReplaced,
            NodeError::TimedOut { .. } => Self::NodeTooSlow,
            NodeError::Busy => Self::NodeBusy,
            NodeError::Rejected { .. } | NodeError::TooOld { .. } => Self::NodeRefused,
            NodeError::Malformed { .. } => Self::NodeMalformed,
        }
    }
}

impl From<InvoicingError> for Problem {
    fn from(error: InvoicingError) -> Self {
        match error {
            InvoicingError::Node(error) => error.into(),
            InvoicingError::Store(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the store failed");
                Self::StoreFailed
            }
            InvoicingError::Incomplete(reason) => {
                tracing::warn!(
                    reason,
                    "an invoice is not in the store, and the node cannot be asked"
                );
                Self::NodeUnreachable
            }
            InvoicingError::OtherRequest => Self::KeyReused,
            InvoicingError::Mismatch | InvoicingError::Aborted(_) => {
                tracing::error!(%error, "no invoice was made");
                Self::Internal
            }
        }
    }
}

impl From<askama::Error> for Problem {
    fn from(error: askama::Error) -> Self {
        tracing::error!(%error, "a page could not be written");
        Self::Internal
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives problems their form. Errors that the router and the layers make come without a body and get one here too.
pub(super) async fn render(State(app): State<App>, request: Request, next: Next) -> Response {
    let wants = match request.uri().path().starts_with("/api/v1/") {
        true => Wants::Json,
        false => Wants::of(request.headers()),
    };
    let visitor = Visitor::of(&app, request.uri(), request.headers());
    let read_only = request.method().is_safe();
    let id = request.headers().get(REQUEST_ID).cloned();
    let response = next.run(request).await;
    let bare = !response.headers().contains_key(header::CONTENT_TYPE);
    let problem = match response.extensions().get::<Problem>() {
        Some(problem) => Some(problem.clone()),
        None if bare => Problem::from_status(response.status()),
        None => None,
    };
    let Some(problem) = problem else {
        return response;
    };
    let id = id
        .as_ref()
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default();
    let mut rendered = match wants {
        Wants::Json => problem.json(id),
        Wants::Page => {
            // What a buyer waits on comes back by itself; what was sent is not sent again.
            let away = problem.status() == StatusCode::SERVICE_UNAVAILABLE;
            // Relative to the address that was asked for, whatever it was: repeating it could lead elsewhere.
            let here = if read_only { "" } else { "/" };
            let refresh = (away && read_only).then_some(5);
            let shell = pages::Shell::new(&app, visitor, here);
            pages::problem::page(shell, &problem, id, refresh)
        }
    };
    problem.mark(&mut rendered);
    // A 405 names the methods that are allowed.
    if let Some(allow) = response.headers().get(header::ALLOW) {
        rendered.headers_mut().insert(header::ALLOW, allow.clone());
    }
    rendered
}
