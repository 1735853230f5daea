//! What can go wrong: the list, with the status and the code of each.
//!
//! Handlers return [`Problem`]; it travels in the response's extensions to `middleware/render_problem.rs`, the one place
//! that knows which format the client accepts. A problem's text is for outsiders: its cause goes to the log, once, where
//! the problem is made.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use facture_domain::token::Scope;

/// Seconds after which a client should try again when the node is away.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// The same when there are too many of something, in seconds.
const RETRY_AFTER_LIMIT: u64 = 60;

/// What a visitor is told went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    PageNotFound,
    InvoiceNotFound,
    NotPayable,
    /// It was to be renewed, and is not to be.
    NotRenewable,
    MethodNotAllowed,
    NotAForm,
    NotJson,
    MalformedJson,
    BadRequest,
    /// A header that means one thing is there more than once.
    HeaderRepeated(&'static str),
    /// No token, or none that is valid.
    Unauthorized,
    /// The token does not go that far.
    Forbidden(Scope),
    /// An idempotency key that belongs to another request.
    KeyReused,
    /// It was to be cancelled, but the buyer was first.
    InvoicePaid,
    /// It was to be cancelled, but its time had run out.
    InvoiceExpired,
    WebhookNotFound,
    DeliveryNotFound,
    /// As many as there may be.
    TooManyWebhooks,
    /// So many deliveries of one token's invoices wait that it names no more addresses for now.
    TooManyDeliveries,
    /// Nothing is sent to it.
    WebhookDisabled,
    TooLarge,
    TooSlow,
    /// Too many requests in a short time: when there may be another.
    RateLimited {
        seconds: u64,
    },
    /// Too many invoices wait for a payment: strangers make no more for now.
    TooManyUnpaid,
    /// No more streams can be kept open.
    Overloaded,
    /// A form that another site's page sent.
    CrossSite,
    /// The shop lets nobody make invoices without a token.
    FormOff,
    /// A field's value cannot be taken.
    Invalid(Invalid),
    NodeUnreachable,
    NodeTooSlow,
    NodeBusy,
    NodeRefused,
    NodeMalformed,
    NodeReplaced,
    NotFollowing,
    /// The node is there, but does not know the chain or its channels yet.
    NodeSyncing,
    StoreFailed,
    Internal,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invalid {
    /// The field's name in the form.
    pub(crate) field: String,
    /// For programs.
    pub(crate) code: &'static str,
    /// A sentence for people: the visitor's on a page, developers in JSON.
    pub(crate) message: String,
}

impl Problem {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::PageNotFound
            | Self::InvoiceNotFound
            | Self::WebhookNotFound
            | Self::DeliveryNotFound => StatusCode::NOT_FOUND,
            Self::NotPayable | Self::NotRenewable => StatusCode::GONE,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAForm | Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BadRequest | Self::MalformedJson | Self::HeaderRepeated(_) => {
                StatusCode::BAD_REQUEST
            }
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::KeyReused
            | Self::InvoicePaid
            | Self::InvoiceExpired
            | Self::TooManyWebhooks
            | Self::WebhookDisabled => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::RateLimited { .. } | Self::TooManyUnpaid | Self::TooManyDeliveries => {
                StatusCode::TOO_MANY_REQUESTS
            }
            Self::CrossSite | Self::FormOff => StatusCode::FORBIDDEN,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NodeUnreachable
            | Self::NodeTooSlow
            | Self::NodeBusy
            | Self::NodeRefused
            | Self::NodeMalformed
            | Self::NodeReplaced
            | Self::NotFollowing
            | Self::NodeSyncing
            | Self::Overloaded
            | Self::StoreFailed => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// For programs; part of the interface.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::PageNotFound => "not_found",
            Self::InvoiceNotFound => "invoice_not_found",
            Self::NotPayable => "invoice_not_payable",
            Self::NotRenewable => "invoice_not_renewable",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::NotAForm | Self::NotJson => "unsupported_media_type",
            Self::MalformedJson => "json_malformed",
            Self::BadRequest => "bad_request",
            Self::HeaderRepeated(_) => "header_repeated",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden(_) => "forbidden",
            Self::KeyReused => "idempotency_key_reused",
            Self::InvoicePaid => "invoice_paid",
            Self::InvoiceExpired => "invoice_expired",
            Self::WebhookNotFound => "webhook_not_found",
            Self::DeliveryNotFound => "delivery_not_found",
            Self::TooManyWebhooks => "too_many_webhooks",
            Self::TooManyDeliveries => "too_many_deliveries",
            Self::WebhookDisabled => "webhook_disabled",
            Self::TooLarge => "body_too_large",
            Self::TooSlow => "request_timeout",
            Self::RateLimited { .. } => "rate_limited",
            Self::TooManyUnpaid => "too_many_unpaid",
            Self::Overloaded => "overloaded",
            Self::CrossSite => "cross_site",
            Self::FormOff => "form_off",
            Self::Invalid(invalid) => invalid.code,
            Self::NodeUnreachable => "node_unreachable",
            Self::NodeTooSlow => "node_timeout",
            Self::NodeBusy => "node_busy",
            Self::NodeRefused => "node_refused",
            Self::NodeMalformed => "node_malformed",
            Self::NodeReplaced => "node_replaced",
            Self::NotFollowing => "node_not_followed",
            Self::NodeSyncing => "node_syncing",
            Self::StoreFailed => "store_failed",
            Self::Internal => "internal",
        }
    }

    /// Why somebody was turned away who did nothing wrong but too much, as it is counted.
    pub(crate) fn refusal(&self) -> Option<&'static str> {
        match self {
            Self::RateLimited { .. }
            | Self::TooManyUnpaid
            | Self::TooManyDeliveries
            | Self::Overloaded
            | Self::NodeBusy
            | Self::CrossSite => Some(self.code()),
            _ => None,
        }
    }

    /// What the router and the layers report, which know a status only.
    pub(crate) fn from_status(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::NOT_FOUND => Some(Self::PageNotFound),
            StatusCode::METHOD_NOT_ALLOWED => Some(Self::MethodNotAllowed),
            StatusCode::REQUEST_TIMEOUT => Some(Self::TooSlow),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::TooLarge),
            StatusCode::TOO_MANY_REQUESTS => Some(Self::RateLimited {
                seconds: RETRY_AFTER_LIMIT,
            }),
            status if status.is_client_error() => Some(Self::BadRequest),
            status if status.is_server_error() => Some(Self::Internal),
            _ => None,
        }
    }

    /// Sets the status of an answer, and when to come again.
    pub(crate) fn mark(&self, response: &mut Response) {
        *response.status_mut() = self.status();
        if let Self::Unauthorized = self {
            let bearer = HeaderValue::from_static("Bearer realm=\"facture\"");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, bearer);
        }
        let retry_after = match self {
            Self::RateLimited { seconds } => HeaderValue::from(*seconds),
            Self::TooManyUnpaid | Self::TooManyDeliveries => HeaderValue::from(RETRY_AFTER_LIMIT),
            _ if self.status() == StatusCode::SERVICE_UNAVAILABLE => RETRY_AFTER,
            _ => return,
        };
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, retry_after);
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
